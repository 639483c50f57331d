package retort.experiments.quickstart;

import java.util.function.Consumer;
import retort.experiments.train.Comparison;
import retort.experiments.train.Images;
import retort.experiments.train.Lesson;
import retort.experiments.train.Run;
import retort.experiments.train.Study;
import retort.gendd.generative.GenDD;
import retort.nn.data.Dataset;

/// One quickstart on its way: teacher, students, test, table, report.
final class Session {
  private Session() {}

  static Consumer<Run> of(Plan plan) {
    Images images = Images.open(plan.data());
    Lesson.Pair pair = new Lesson.Pair(plan.teacher().model(), plan.student());
    var comparison = new Comparison(images, pair, plan.curriculum(), plan.methods());
    return run -> run(plan, images, comparison, run);
  }

  private static void run(Plan plan, Images images, Comparison comparison, Run run) {
    GenDD pictured = null;
    try (Study study = new Study(run, images, plan.seed(), plan)) {
      var teacher = study.teach("teacher", plan.teacher().model(), plan.teacher().training());
      for (String name : comparison.names()) {
        Lesson lesson = plan.curriculum().lesson(name, run.folder());
        var distiller = study.distil(lesson, plan.student(), teacher);
        if (distiller instanceof GenDD g && (pictured == null || name.equals("gendd"))) {
          pictured = g;
        }
      }
      var results = study.finish();
      Generation generation =
          pictured != null && images.test() instanceof Dataset test
              ? Generation.of(pictured, test, plan.pictured(), plan.seed())
              : null;
      run.folder().write("report.html", Report.html(plan, results, generation, run.recipe()));
    }
    run.out().println(run.folder().file("results.json") + ", " + run.folder().file("report.html"));
  }
}
