package retort.experiments.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import retort.experiments.report.Summary;
import retort.experiments.run.Json;
import retort.experiments.run.Manifest;
import retort.experiments.run.Outcome;
import retort.experiments.run.Outcome.Reading;
import retort.experiments.run.RunLog;
import retort.gendd.Distiller;
import retort.gendd.Teacher;
import retort.gendd.generative.ClassifierPretraining;
import retort.gendd.methods.Methods;
import retort.gendd.methods.Plain;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.tensor.Device;

/// Trainings on one set of images, each tested once when it has ended: what `train`, `distill`,
/// `compare` and `quickstart` are made of. In the run folder it leaves `manifest.json`,
/// `log.jsonl`, for each training its checkpoint `NAME.safetensors` and its outcome
/// `NAME.outcome.json`, and at the end `results.json`. What has its outcome there already is
/// neither trained nor tested again.
public final class Study implements AutoCloseable {
  /// What the shared first stage is called: the method that it is.
  static final String FIRST_STAGE = "pretraining";

  private final Run run;
  private final long seed;
  private final Images images;
  private final RunLog log;
  private final Trainer trainer;
  private final Readings readings;
  private final List<Outcome> outcomes = new ArrayList<>();
  private Manifest manifest;

  /// @param plan the record of final values, for the manifest
  public Study(Run run, Images images, long seed, Record plan) {
    this.run = run;
    this.seed = seed;
    this.images = images;
    String device = run.device().name();
    manifest = Manifest.of(run.command(), plan, seed, images.name(), images.hash(), device);
    manifest.settle(run.folder());
    log = run.folder().log();
    trainer = new Trainer(run.folder(), images, seed, run.progress(), run.stop(), log);
    readings = new Readings(images, run.device(), seed, run.progress());
  }

  /// @param manifest where the run's numbers come from
  /// @param outcomes in the order of the trainings
  public record Results(Manifest manifest, List<Outcome> outcomes) {}

  /// Who is learnt from.
  public record School(String model, Teacher teacher) {}

  /// The outcome of a lesson that the folder has kept, or of giving it now.
  public Outcome outcome(Lesson lesson, String model, School school) {
    learnFrom(school);
    if (!recall(lesson.name())) distil(lesson, model, school);
    return outcomes.getLast();
  }

  private void learnFrom(School school) {
    String hash = school.teacher().sha256();
    if (hash.equals(manifest.teacherHash())) return;
    manifest = manifest.taughtBy(hash);
    manifest.write(run.folder());
  }

  /// Trains a backbone by labels alone.
  public School teach(String name, String model, Training how) {
    images.check(Methods.named("plain"));
    Plain plain = place(new Plain(images.backbone(model)));
    Curve curve = trainer.train(name, plain, how);
    record(
        name, model, plain, how, d -> Module.blank(d, new Plain(images.backbone(model))), 0, curve);
    return new School(model, new Teacher(plain.student()));
  }

  /// Makes a student by a method. Every student of a model begins from the same numbers, and all
  /// lessons that have a first stage share it.
  public Distiller distil(Lesson lesson, String model, School school) {
    String name = lesson.name();
    learnFrom(school);
    Backbone student =
        lesson.from().isPresent()
            ? Pretrained.read(lesson.from().get()).as(model, images, run.device())
            : place(images.backbone(model));
    double before = 0;
    if (lesson.firstStage().isPresent()) {
      Distiller first = place(new ClassifierPretraining(student, school.teacher()));
      before = trainer.train(FIRST_STAGE, first, lesson.firstStage().get()).totalSeconds();
    }
    Lesson.Pair pair = new Lesson.Pair(school.model(), model);
    Distiller distiller = place(lesson.make(images.setting(student, school.teacher()), pair));
    Curve curve = trainer.train(name, distiller, lesson.training());
    record(
        name,
        model,
        distiller,
        lesson.training(),
        d -> lesson.shadow(images, pair, d),
        before,
        curve);
    return distiller;
  }

  private <M extends Module> M place(M module) {
    return Module.on(run.device(), seed, module);
  }

  private void record(
      String name,
      String model,
      Distiller trained,
      Training how,
      Function<Device, Distiller> again,
      double before,
      Curve curve) {
    if (recall(name)) return;
    List<Reading> last = readings.of(name, trained, how, again);
    int best = curve.best();
    List<Reading> atBest =
        best < 0 || best == curve.epochs().size() - 1
            ? last
            : trainer.atBest(name, trained, () -> readings.of(name, trained, how, again));
    Outcome outcome =
        new Outcome(
            name,
            model,
            last,
            new Outcome.Best(best, atBest),
            before + curve.totalSeconds(),
            curve.epochs());
    run.folder().write(kept(name), Json.pretty(outcome));
    outcomes.add(outcome);
  }

  private boolean recall(String name) {
    if (!run.folder().holds(kept(name))) return false;
    outcomes.add(Json.parse(run.folder().read(kept(name)), Outcome.class));
    return true;
  }

  private static String kept(String name) {
    return name + Outcome.FILE;
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
