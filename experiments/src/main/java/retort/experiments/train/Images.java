package retort.experiments.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import retort.experiments.Failure;
import retort.gendd.Teacher;
import retort.gendd.methods.Methods;
import retort.gendd.methods.Setting;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.data.Cifar;
import retort.nn.data.Dataset;
import retort.nn.data.FashionMnist;
import retort.nn.data.Idx;
import retort.nn.data.ImageSource;
import retort.nn.data.Mix;
import retort.nn.data.Normalisation;
import retort.nn.data.Samples;
import retort.nn.data.Subset;
import retort.nn.data.Transform;
import retort.nn.data.Views;
import retort.tensor.Shape;

/// The images of a run in three parts: to train on, to watch and choose by, and to report on once.
///
/// @param name what the records call it
/// @param hash SHA-256 over the hashes of the whole training and test sets
/// @param image the shape of an input `[h, w, c]`
/// @param data how images are looked at
/// @param shots how many training images each class has before they are sliced, the held-out ones
///   included: what many-, medium- and few-shot classes are told by
public record Images(
    String name,
    String hash,
    ImageSource train,
    ImageSource validation,
    ImageSource test,
    Shape image,
    Normalisation normalisation,
    Data data,
    int[] shots) {
  /// The seed of the validation split: the same images are held out in every run.
  static final long SPLIT_SEED = 20260101;

  /// The word for the data that ships with the project.
  public static final String EMBEDDED = "embedded";

  /// The standard augmentation of small images.
  private static final List<Transform> CROPPED =
      List.of(new Transform.RandomCrop(4), new Transform.RandomFlip());

  public static Images open(Data data) {
    if (data.photographs().isPresent()) return Folders.open(data, data.photographs().get());
    Dataset.Split whole = whole(data.from());
    Dataset all = whole.train();
    boolean tailed = data.imbalance().isPresent();
    if (tailed) all = all.longTailed(data.imbalance().get(), SPLIT_SEED);
    int most = data.perClass();
    Dataset kept = most == 0 ? all : tailed ? all.thinned(most) : all.perClass(most);
    Dataset.Split split = kept.holdOut(data.validation(), SPLIT_SEED);
    Dataset test = whole.heldOut();
    return new Images(
            all.name(),
            all.sha256() + "+" + test.sha256(),
            split.train(),
            split.heldOut(),
            data.testPerClass() > 0 ? test.perClass(data.testPerClass()) : test,
            Shape.of(all.height(), all.width(), all.channels()),
            all.normalisation(),
            data,
            Subset.counts(all))
        .checked();
  }

  /// Refuses parts without images, and images that show nothing.
  Images checked() {
    if (image.at(0) * image.at(1) == 1) {
      throw new Failure(
          "the images have one pixel each; there is nothing to see in them",
          data.from(),
          "name data with larger images with --data");
    }
    if (train.size() > 0 && validation.size() > 0 && test.size() > 0) return this;
    throw new Failure(
        "the validation share "
            + data.validation()
            + " leaves "
            + train.size()
            + " training, "
            + validation.size()
            + " validation and "
            + test.size()
            + " test images",
        data.from(),
        "choose a share that leaves each some: --set data.validation=SHARE");
  }

  /// The test images of the data there are, or a bare file of CIFAR records as it is.
  public static Dataset test(String from) {
    Path path = Path.of(from);
    if (!from.endsWith(".bin")) return whole(from).heldOut();
    return reading(path, () -> Cifar.records(path));
  }

  private static Dataset.Split whole(String from) {
    if (from.equals(EMBEDDED)) return FashionMnist.embedded();
    Path path = Path.of(from);
    boolean idx = Files.isDirectory(path) && !Cifar.isAt(path);
    return reading(path, () -> idx ? Idx.readFolder(path) : Cifar.read(path));
  }

  @FunctionalInterface
  interface Reader<T> {
    T read() throws IOException;
  }

  private static <T> T reading(Path path, Reader<T> reader) {
    return reading(
        path,
        "name whole data with --data: '"
            + EMBEDDED
            + "', a CIFAR-10 or CIFAR-100 archive or folder, or a folder of idx files",
        reader);
  }

  static <T> T reading(Path path, String remedy, Reader<T> reader) {
    try {
      return reader.read();
    } catch (IOException e) {
      String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new Failure(said, path, remedy, e);
    }
  }

  /// The shape of a batch of these images, `[n, h, w, c]`.
  public Shape batch(int n) {
    return image.insert(0, n);
  }

  /// What is trained on, in the order of the training images.
  public Samples views(long seed) {
    return views(Optional.empty(), seed);
  }

  Samples views(Optional<Photographs.Look> how, long seed) {
    List<Transform> small = data.augment() ? CROPPED : List.of();
    return look(train, photographs(how).map(Photographs::training).orElse(small), seed);
  }

  private Optional<Photographs> photographs(Optional<Photographs.Look> how) {
    return data.photographs().map(p -> how.map(p::seen).orElse(p));
  }

  /// How the batches of a training are mixed.
  Mix mix(Training how, long seed) {
    return data.mix()
        .<Mix>map(
            m -> new Mix.MixupCutMix(m.mixup(), m.cutmix(), m.share(), how.labelSmoothing(), seed))
        .orElse(Mix.NONE);
  }

  /// One of the parts as it is evaluated.
  public Samples plain(ImageSource part) {
    return plain(part, Optional.empty());
  }

  Samples plain(ImageSource part, Optional<Photographs.Look> how) {
    return look(part, photographs(how).map(Photographs::testing).orElse(List.of()), 0);
  }

  private Samples look(ImageSource part, List<Transform> transforms, long seed) {
    return new Views(part, transforms, image.at(0), image.at(1), normalisation, seed);
  }

  /// A backbone for these images, on no device yet.
  public Backbone backbone(String model) {
    return Backbones.make(model, image.at(2), classes());
  }

  /// All that a method may need to know of them.
  public Setting setting(Backbone student, Teacher teacher) {
    return new Setting(student, teacher, image, Subset.labels(train));
  }

  /// Refuses a method that reads labels where there are none.
  void check(Methods.Method method) {
    boolean labelled = Arrays.stream(Subset.labels(train)).noneMatch(l -> l < 0);
    if (labelled || !method.needs().contains(Methods.Needs.LABELS)) return;
    throw new IllegalArgumentException(
        "method "
            + method.name()
            + " reads labels, and the training images of "
            + name
            + " have none; kl and gendd-unlabelled do without");
  }

  public int classes() {
    return test.classes().size();
  }

  /// The same with long-tailed training images, which every class but the first has fewer of.
  public Images longTailed(double factor, long seed) {
    String called = String.format(Locale.ROOT, "%s, long-tailed by %.0f", name, factor);
    Subset tail = Subset.longTailed(train, factor, seed);
    int[] counts = Subset.counts(tail), held = Subset.counts(validation);
    Arrays.setAll(counts, c -> counts[c] + held[c]);
    return new Images(called, hash, tail, validation, test, image, normalisation, data, counts);
  }
}
