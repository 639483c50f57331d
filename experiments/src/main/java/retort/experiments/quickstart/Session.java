package retort.experiments.quickstart;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import retort.experiments.report.Summary;
import retort.experiments.run.Manifest;
import retort.experiments.run.Outcome;
import retort.experiments.run.RunFolder;
import retort.experiments.run.RunLog;
import retort.experiments.terminal.Interrupt;
import retort.experiments.terminal.Progress;
import retort.experiments.train.Curve;
import retort.experiments.train.Images;
import retort.experiments.train.Readings;
import retort.experiments.train.Trainer;
import retort.gendd.Teacher;
import retort.gendd.generative.GenDD;
import retort.gendd.methods.Plain;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.data.Dataset;
import retort.tensor.Device;

/// One quickstart on its way: teacher, students, test, table, report.
final class Session {
  private static final String TEACHER = "teacher";

  private final Plan plan;
  private final RunFolder folder;
  private final Device device;
  private final Progress progress;
  private final Interrupt interrupt;
  private final PrintWriter out;

  Session(
      Plan plan,
      RunFolder folder,
      Device device,
      Progress progress,
      Interrupt interrupt,
      PrintWriter out) {
    this.plan = plan;
    this.folder = folder;
    this.device = device;
    this.progress = progress;
    this.interrupt = interrupt;
    this.out = out;
  }

  /// @param manifest where the run's numbers come from
  /// @param outcomes the teacher's first, then a student a method
  record Results(Manifest manifest, List<Outcome> outcomes) {}

  /// @param command the command line, for the manifest
  void run(List<String> command, String resolvedRecipe) {
    Images images = Images.open(plan.data(), plan.validation(), plan.perClass());
    Manifest manifest = Manifest.of(command, plan, plan.seed(), images.name(), images.hash());
    folder.writeManifest(manifest);
    List<Outcome> outcomes = new ArrayList<>();
    Dataset test = images.test();
    if (plan.testPerClass() > 0) test = test.perClass(plan.testPerClass());
    Readings readings = new Readings(test, device, plan.seed());
    Supplier<Backbone> school = maker(plan.teacher().model(), images);
    Supplier<Backbone> pupil = maker(plan.student(), images);
    GenDD pictured = null;
    try (RunLog log = folder.log()) {
      Trainer trainer =
          new Trainer(folder, images, plan.augment(), plan.seed(), progress, interrupt, log);
      Plain taught = Module.on(device, plan.seed(), new Plain(school.get()));
      Curve curve = trainer.train(TEACHER, taught, plan.teacher().training());
      outcomes.add(
          new Outcome(
              TEACHER,
              plan.teacher().model(),
              readings.of(taught, new Readings.Makers(pupil, school, (s, t) -> new Plain(s))),
              curve.totalSeconds(),
              curve.epochs()));
      Teacher teacher = new Teacher(taught.student());
      Method method = new Method(plan, device, trainer);
      for (String name : plan.methods()) {
        Method.Trained t = method.train(name, pupil.get(), teacher);
        progress.say("testing " + name);
        var makers = new Readings.Makers(school, pupil, (s, c) -> Method.make(name, plan, s, c));
        outcomes.add(
            new Outcome(
                name,
                plan.student(),
                readings.of(t.distiller(), makers),
                t.seconds(),
                t.curve().epochs()));
        if (t.distiller() instanceof GenDD g && (pictured == null || name.equals("gendd"))) {
          pictured = g;
        }
      }
    }
    Results results = new Results(manifest, outcomes);
    folder.writeResults(results);
    Generation generation =
        pictured == null ? null : Generation.of(pictured, test, plan.pictured(), plan.seed());
    folder.write("report.html", Report.html(plan, results, generation, resolvedRecipe));
    out.println();
    out.println(new Summary(outcomes).table());
    out.println(folder.file("results.json") + ", " + folder.file("report.html"));
  }

  private static Supplier<Backbone> maker(String model, Images images) {
    return () -> Backbones.make(model, images.train().channels(), images.classes());
  }
}
