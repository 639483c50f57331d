package retort.experiments.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import retort.experiments.Failure;
import retort.experiments.report.Summary;
import retort.experiments.run.Json;
import retort.experiments.run.Manifest;
import retort.experiments.run.Outcome;
import retort.experiments.run.RunLog;
import retort.gendd.Distiller;
import retort.gendd.Teacher;
import retort.gendd.generative.ClassifierPretraining;
import retort.gendd.methods.Plain;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.tensor.Device;

/// Trainings on one set of images, each tested once when it has ended: what `train`, `distill` and
/// `quickstart` are made of. It leaves `manifest.json`, `log.jsonl`, checkpoints and, at the end,
/// `results.json` in the run folder.
public final class Study implements AutoCloseable {
  private static final String MANIFEST = "manifest.json";

  private final Run run;
  private final long seed;
  private final Images images;
  private final Manifest manifest;
  private final RunLog log;
  private final Trainer trainer;
  private final Readings readings;
  private final List<Outcome> outcomes = new ArrayList<>();

  /// @param plan the record of final values, for the manifest
  public Study(Run run, Images images, long seed, Record plan) {
    this.run = run;
    this.seed = seed;
    this.images = images;
    manifest = Manifest.of(run.command(), plan, seed, images.name(), images.hash());
    if (run.folder().holds(MANIFEST)) checkData();
    else run.folder().writeManifest(manifest);
    log = run.folder().log();
    trainer = new Trainer(run.folder(), images, seed, run.progress(), run.stop(), log);
    readings = new Readings(images.test(), run.device(), seed);
  }

  private void checkData() {
    String before = Json.parse(run.folder().read(MANIFEST)).path("dataHash").asString("");
    if (before.equals(images.hash())) return;
    throw new Failure(
        "the data changed since the run began: its hash was " + before + " and is " + images.hash(),
        run.folder().file(MANIFEST).toString(),
        "put the data back as it was, or start anew with another --out");
  }

  /// @param manifest where the run's numbers come from
  /// @param outcomes in the order of the trainings
  public record Results(Manifest manifest, List<Outcome> outcomes) {}

  /// Who is learnt from.
  public record School(String model, Teacher teacher) {}

  /// Trains a backbone by labels alone.
  public School teach(String name, String model, Training how) {
    Plain plain = place(new Plain(images.backbone(model)));
    Curve curve = trainer.train(name, plain, how);
    record(name, model, plain, d -> Module.blank(d, new Plain(images.backbone(model))), 0, curve);
    return new School(model, new Teacher(plain.student()));
  }

  /// Makes a student by a method. Every student of a model begins from the same numbers.
  public Distiller distil(Lesson lesson, String model, School school) {
    String name = lesson.method();
    Backbone student = place(images.backbone(model));
    double before = 0;
    if (lesson.firstStage().isPresent()) {
      Distiller first = place(new ClassifierPretraining(student, school.teacher()));
      before =
          trainer.train(name + "-first-stage", first, lesson.firstStage().get()).totalSeconds();
    }
    Lesson.Pair pair = new Lesson.Pair(school.model(), model);
    Distiller distiller = place(lesson.make(images.setting(student, school.teacher()), pair));
    Curve curve = trainer.train(name, distiller, lesson.training());
    record(name, model, distiller, d -> lesson.shadow(images, pair, d), before, curve);
    return distiller;
  }

  private <M extends Module> M place(M module) {
    return Module.on(run.device(), seed, module);
  }

  private void record(
      String name,
      String model,
      Distiller trained,
      Function<Device, Distiller> again,
      double before,
      Curve curve) {
    run.progress().say("testing " + name);
    outcomes.add(
        new Outcome(
            name,
            model,
            readings.of(trained, again),
            before + curve.totalSeconds(),
            curve.epochs()));
  }

  /// Writes `results.json` and shows the table.
  public Results finish() {
    Results results = new Results(manifest, List.copyOf(outcomes));
    run.folder().writeResults(results);
    run.out().println();
    run.out().println(new Summary(outcomes).table());
    return results;
  }

  @Override
  public void close() {
    log.close();
  }
}
