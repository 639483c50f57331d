package retort.experiments.ablate;

import java.util.List;
import java.util.function.UnaryOperator;
import retort.experiments.ablate.Pair.Body;
import retort.experiments.run.RunLog;
import retort.experiments.terminal.Progress;
import retort.experiments.train.Images;
import retort.experiments.train.Lesson;
import retort.experiments.train.Pretrained;
import retort.experiments.train.Run;
import retort.experiments.train.Trainer;
import retort.gendd.Distiller;
import retort.gendd.StepDraws;
import retort.gendd.Teacher;
import retort.gendd.generative.Centres;
import retort.gendd.methods.Plain;
import retort.nn.Cost;
import retort.nn.Evaluation;
import retort.nn.Linear;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.data.Samples;
import retort.tensor.Device;
import retort.tensor.Tensor;

/// What the compared trainings stand on: a trained teacher, a student whose body is schooled, and
/// samples of them. Where the body stands still the samples are cached features; where it learns
/// they are images, and every training begins from the same schooled student.
final class Ground {
  private final Run run;
  private final Images images;
  private final Pair pair;
  private final Teacher whole;
  private final Pretrained schooled;
  private final Distiller school;
  private final Teacher teacher;
  private final List<Samples> asImages;
  private List<Samples> parts;

  private Ground(
      Run run,
      Images images,
      Pair pair,
      Teacher whole,
      Pretrained schooled,
      Distiller school,
      List<Samples> asImages,
      Teacher teacher) {
    this.run = run;
    this.images = images;
    this.pair = pair;
    this.whole = whole;
    this.schooled = schooled;
    this.school = school;
    this.asImages = List.copyOf(asImages);
    this.teacher = teacher;
  }

  /// Trains what isn't there yet, or goes on with it.
  static Ground prepare(Run run, Images images, Pair pair, long seed, RunLog log) {
    Trainer trainer = new Trainer(run.folder(), images, seed, run.progress(), run.stop(), log);
    Teacher teacher = new Teacher(teacher(run, images, pair, trainer, seed));
    Backbone student = Module.on(run.device(), seed, images.backbone(pair.student()));
    Distiller school =
        Module.on(
            run.device(),
            seed,
            pair.schooling()
                .lesson()
                .make(
                    images.setting(student, teacher),
                    new Lesson.Pair(pair.teacher(), pair.student())));
    trainer.train("schooling", school, pair.schooling().training());
    Pretrained schooled = Pretrained.read(trainer.checkpoint("schooling"));
    boolean frozen = pair.body() == Body.FROZEN;
    List<Samples> asImages =
        List.of(
            frozen ? images.plain(images.train()) : images.views(seed),
            images.plain(images.validation()),
            images.plain(images.test()));
    Teacher seen = frozen ? new Teacher(behind(run.device(), student, teacher)) : teacher;
    return new Ground(run, images, pair, teacher, schooled, school, asImages, seen);
  }

  /// Training, validation and test samples. Features are computed when they are first asked for: a
  /// run whose cells have all ended only reports, and does without.
  private Samples part(int which) {
    if (parts == null) {
      parts = frozen() ? features() : asImages;
    }
    return parts.get(which);
  }

  private List<Samples> features() {
    Progress progress = run.progress();
    long all = asImages.stream().mapToLong(Samples::size).sum();
    progress.begin("features of " + pair.teacher() + " and " + pair.student(), all);
    List<Samples> features =
        asImages.stream()
            .<Samples>map(p -> Features.of(school.student(), whole, p, progress))
            .toList();
    progress.done();
    return features;
  }

  private static Backbone teacher(Run run, Images images, Pair pair, Trainer trainer, long seed) {
    if (pair.checkpoint().isPresent()) {
      return Pretrained.read(pair.checkpoint().get()).as(pair.teacher(), images, run.device());
    }
    Plain plain = Module.on(run.device(), seed, new Plain(images.backbone(pair.teacher())));
    trainer.train("teacher", plain, pair.teaching());
    return plain.student();
  }

  /// The teacher as the second part of a row of features, with its own classifier.
  private static Backbone behind(Device device, Backbone student, Teacher teacher) {
    Slice slice =
        Module.on(
            device,
            0,
            new Slice(student.featureWidth(), teacher.featureWidth(), teacher.classes()));
    Linear from = teacher.net().classifier(), to = slice.classifier();
    to.weight().set(from.weight().toDoubles());
    to.bias().set(from.bias().toDoubles());
    return slice;
  }

  /// The width of a backbone's feature, counted on one that is on no device.
  static int featureWidth(Images images, String model) {
    return images.backbone(model).featureWidth();
  }

  boolean frozen() {
    return pair.body() == Body.FROZEN;
  }

  Samples train() {
    return part(0);
  }

  Samples validation() {
    return part(1);
  }

  Samples test() {
    return part(2);
  }

  Device device() {
    return run.device();
  }

  Images images() {
    return images;
  }

  Pair pair() {
    return pair;
  }

  /// The teacher of [#train()]'s samples.
  Teacher teacher() {
    return teacher;
  }

  /// The teacher of images.
  Teacher wholeTeacher() {
    return whole;
  }

  /// The schooled student, a new copy, of images.
  Backbone wholeStudent() {
    return schooled.as(pair.student(), images, run.device());
  }

  /// The teacher on the test images.
  double teacherAccuracy() {
    return accuracy(x -> whole.logits(x));
  }

  /// The schooled student through the classifier it was schooled with.
  double schoolAccuracy() {
    var last = school.classifiers().lastEntry().getValue();
    return school.evaluating(() -> accuracy(x -> last.logits(x, new StepDraws(0, 0))));
  }

  private double accuracy(UnaryOperator<Tensor> logits) {
    return Evaluation.of(run.device(), images.plain(images.test()), Features.BATCH, logits)
        .accuracy();
  }

  /// A student of [#train()]'s samples to be trained: over a body that stands still only its
  /// classifier is new.
  Backbone student(long seed) {
    if (!frozen()) return wholeStudent();
    int width = school.student().featureWidth();
    return Module.on(run.device(), seed, new Slice(0, width, images.classes()));
  }

  Centres centres(Centres.Kind kind) {
    if (kind != Centres.Kind.CLASS_MEAN) return Centres.of(kind, teacher);
    var means = new Centres.Means(teacher.classes(), teacher.featureWidth());
    Samples seen = frozen() ? train() : images.plain(images.train());
    Features.each(run.device(), seen, (x, labels) -> means.add(teacher.embed(x), labels));
    return means.centres();
  }

  /// The multiply-accumulates of a net on one image.
  long macs(String model) {
    return Cost.of(images.backbone(model), images.batch(1)).macs();
  }
}
