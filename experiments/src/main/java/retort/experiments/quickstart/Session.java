package retort.experiments.quickstart;

import java.util.function.Consumer;
import retort.experiments.train.Images;
import retort.experiments.train.Lesson;
import retort.experiments.train.Run;
import retort.experiments.train.Study;
import retort.gendd.generative.GenDD;

/// One quickstart on its way: teacher, students, test, table, report.
final class Session {
  private Session() {}

  static Consumer<Run> of(Plan plan) {
    Images images = Images.open(plan.data());
    Lesson.Pair pair = new Lesson.Pair(plan.teacher().model(), plan.student());
    for (String method : plan.methods()) plan.lesson(method).check(images, pair);
    return run -> run(plan, images, run);
  }

  private static void run(Plan plan, Images images, Run run) {
    GenDD pictured = null;
    try (Study study = new Study(run, images, plan.seed(), plan)) {
      var teacher = study.teach("teacher", plan.teacher().model(), plan.teacher().training());
      for (String name : plan.methods()) {
        var distiller = study.distil(plan.lesson(name), plan.student(), teacher);
        if (distiller instanceof GenDD g && (pictured == null || name.equals("gendd"))) {
          pictured = g;
        }
      }
      var results = study.finish();
      Generation generation =
          pictured == null
              ? null
              : Generation.of(pictured, images.test(), plan.pictured(), plan.seed());
      run.folder().write("report.html", Report.html(plan, results, generation, run.recipe()));
    }
    run.out().println(run.folder().file("results.json") + ", " + run.folder().file("report.html"));
  }
}
