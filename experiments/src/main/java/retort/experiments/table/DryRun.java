package retort.experiments.table;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import retort.experiments.report.Summary;
import retort.experiments.terminal.Progress;
import retort.experiments.terminal.Table;
import retort.experiments.train.Curriculum;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Lesson;
import retort.experiments.train.StepCost;
import retort.experiments.train.Training;
import retort.nn.Cost;
import retort.nn.backbone.Backbones;
import retort.tensor.Device;
import retort.tensor.Shape;

/// What rows would cost, without training them: multiply-adds and memory are counted on a device
/// that only counts, and time follows from how fast some real steps of each pair of nets run here.
public final class DryRun {
  /// A step that is measured computes about this much: a second or two on two cores.
  private static final double MEASURED_MACS = 1e11;

  /// Teachers larger than this are not made for a measurement; another takes their place.
  private static final long LARGEST_TEACHER = 100_000_000;

  private static final String STAND_IN = "resnet50";

  private final Device device;
  private final int seeds;
  private final PrintWriter out;
  private final Map<String, Double> speeds = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Table table =
      new Table("row", "method", "MACs/image", "memory", "a seed", "all seeds");
  private final Map<String, Double> teachers = new LinkedHashMap<>();
  private double total;

  public DryRun(Device device, int seeds, PrintWriter out) {
    this.device = device;
    this.seeds = seeds;
    this.out = out;
  }

  /// How many images a row has, as they are there or as published, under the slices of the scale.
  private record Sizes(int training, int validation, int test, int classes, Shape image) {
    static Sizes of(Row row) {
      Data data = row.data();
      if (Files.exists(Path.of(data.from())) && data.photographs().isPresent()) {
        Images images = Images.open(data);
        return new Sizes(
            images.train().size(),
            images.validation().size(),
            images.test().size(),
            images.classes(),
            images.image());
      }
      var known = row.published();
      int side = Backbones.named(row.student()).imageSize();
      int all = slice(known.training(), data.perClass(), known.classes());
      int test = slice(known.test(), data.testPerClass(), known.classes());
      int held = (int) Math.round(data.validation() * all);
      return new Sizes(all - held, held, test, known.classes(), Shape.of(side, side, 3));
    }

    private static int slice(int all, int perClass, int classes) {
      return perClass == 0 ? all : (int) Math.min(all, (long) perClass * classes);
    }
  }

  /// @param fitting whether methods that don't fit the row's nets are left out, not refused
  /// @param command what runs this row alone
  public void add(String name, Row row, List<String> methods, boolean fitting, String command) {
    out.println(Tables.shortName(name) + ": " + command);
    out.flush();
    Sizes sizes = Sizes.of(row);
    StepCost costs = new StepCost(row.pair(), sizes.image, sizes.classes, sizes.training);
    Curriculum curriculum = row.curriculum();
    for (String method : Curriculum.expand(methods)) {
      Lesson lesson = curriculum.lesson(method);
      try {
        add(name, row, sizes, costs, curriculum, lesson);
      } catch (IllegalArgumentException e) {
        if (!fitting) throw e;
        notes.add(Tables.shortName(name) + " without " + method + ": " + e.getMessage());
      }
    }
    teacher(row, sizes, costs, curriculum);
  }

  private void add(
      String name, Row row, Sizes sizes, StepCost costs, Curriculum curriculum, Lesson lesson) {
    Cost.Step step = costs.of(lesson, lesson.training().batch());
    double macs = training(step, lesson.training(), sizes.training);
    if (lesson.firstStage().isPresent()) {
      Lesson first = curriculum.lesson("pretraining");
      Training how = lesson.firstStage().get();
      macs += training(costs.of(first, how.batch()), how, sizes.training);
    }
    double watched = student(row, sizes) * sizes.validation * lesson.training().epochs();
    // After the last epoch, and after the best one where that is another.
    double tested = 2.0 * costs.answers(lesson) * sizes.test;
    double seconds = (macs + watched + tested) / speed(costs, curriculum, lesson);
    total += seeds * seconds;
    table.row(
        Tables.shortName(name),
        lesson.name(),
        Summary.count(step.macs() / lesson.training().batch()),
        gigabytes(step.bytes()),
        Progress.time(seconds),
        Progress.time(seeds * seconds));
  }

  private static double training(Cost.Step step, Training how, int images) {
    return (double) how.epochs() * (images / how.batch()) * step.macs();
  }

  private static double student(Row row, Sizes sizes) {
    var net = Backbones.make(row.student(), sizes.image.at(2), sizes.classes);
    return Cost.of(net, sizes.image.insert(0, 1)).macs();
  }

  /// A teacher is trained once for all rows that share it, unless its weights are given.
  private void teacher(Row row, Sizes sizes, StepCost costs, Curriculum curriculum) {
    String model = row.teacher().model();
    if (row.data().perClass() == 0 && row.teacher().weights().isPresent()) {
      notes.add(model + ": its weights are given, " + row.teacher().weights().get().file());
      return;
    }
    if (teachers.containsKey(model)) return;
    Lesson plain = curriculum.lesson("plain");
    StepCost alone =
        new StepCost(new Lesson.Pair(model, model), sizes.image, sizes.classes, sizes.training);
    double seconds =
        training(alone.of(plain, row.teaching().batch()), row.teaching(), sizes.training)
            / speed(costs, curriculum, plain);
    teachers.put(model, seconds);
    total += seconds;
    table.row("teacher", model, "-", "-", Progress.time(seconds), Progress.time(seconds));
  }

  /// Steps of generating methods are mostly matrix products, those of others convolutions: each
  /// kind is measured once for a pair of nets.
  private double speed(StepCost costs, Curriculum curriculum, Lesson lesson) {
    boolean generates = Lesson.generates(lesson.method());
    String key = costs.pair() + (generates ? " generating" : "");
    return speeds.computeIfAbsent(key, k -> measure(costs, curriculum, generates));
  }

  private double measure(StepCost costs, Curriculum curriculum, boolean generates) {
    Lesson.Pair pair = costs.pair();
    String teacher = pair.teacher();
    if (Backbones.named(teacher).cost().parameters() > LARGEST_TEACHER) {
      notes.add("speed with " + teacher + ": measured with " + STAND_IN + " in its place");
      teacher = STAND_IN;
    }
    StepCost measured =
        new StepCost(
            new Lesson.Pair(teacher, pair.student()),
            costs.image(),
            costs.classes(),
            costs.images());
    Lesson lesson = curriculum.lesson(generates ? "gendd-unlabelled" : "kl");
    long two = measured.of(lesson, 2).macs();
    int batch = Math.clamp((long) (2 * MEASURED_MACS / two), 2, lesson.training().batch());
    out.printf(
        Locale.ROOT,
        "  measuring %s to %s by %s in batches of %d, up to half a minute: ",
        teacher,
        pair.student(),
        lesson.name(),
        batch);
    out.flush();
    double speed = measured.speed(lesson, batch, device);
    out.printf(Locale.ROOT, "%.1f billion MACs/s%n", speed / 1e9);
    return speed;
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, bytes < 1e8 ? "%.3f GB" : "%.1f GB", bytes / 1e9);
  }

  public Table table() {
    return table;
  }

  /// What the figures rest on.
  public List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    all.add(
        "MACs of an image in a training step, forward and backward; memory of a step with weights,"
            + " gradients, optimiser and what the backward keeps; time from the speeds above,"
            + " testing included, reading and decoding images left out. Data that aren't there"
            + " count as published.");
    all.add("in all " + Progress.time(total) + " on " + device.name());
    return all;
  }
}
