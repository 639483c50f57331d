package retort.experiments.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import retort.experiments.Failure;
import retort.gendd.Teacher;
import retort.gendd.methods.Setting;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.data.Cifar;
import retort.nn.data.Dataset;
import retort.nn.data.FashionMnist;
import retort.nn.data.Idx;
import retort.nn.data.Samples;
import retort.nn.data.Views;
import retort.tensor.Shape;

/// The images of a run in three parts: to train on, to watch and choose by, and to report on once.
///
/// @param name what the records call it
/// @param hash SHA-256 over the hashes of the whole training and test sets
///
/// @param augment whether training images are cropped and flipped at random
public record Images(
    String name, String hash, Dataset train, Dataset validation, Dataset test, boolean augment) {
  /// The seed of the validation split: the same images are held out in every run.
  private static final long SPLIT_SEED = 20260101;

  /// The word for the data that ships with the project.
  public static final String EMBEDDED = "embedded";

  public static Images open(Data data) {
    Dataset.Split whole = whole(data.from());
    Dataset kept = slice(whole.train(), data.perClass());
    Dataset.Split split = kept.holdOut(data.validation(), SPLIT_SEED);
    if (split.train().size() == 0 || split.heldOut().size() == 0) {
      throw new Failure(
          "the validation share "
              + data.validation()
              + " leaves "
              + split.train().size()
              + " training and "
              + split.heldOut().size()
              + " validation images",
          data.from(),
          "choose a share that leaves both some");
    }
    return new Images(
        whole.train().name(),
        whole.train().sha256() + "+" + whole.heldOut().sha256(),
        split.train(),
        split.heldOut(),
        slice(whole.heldOut(), data.testPerClass()),
        data.augment());
  }

  private static Dataset slice(Dataset all, int perClass) {
    return perClass > 0 ? all.perClass(perClass) : all;
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
  private interface Reader<T> {
    T read() throws IOException;
  }

  private static <T> T reading(Path path, Reader<T> reader) {
    try {
      return reader.read();
    } catch (IOException e) {
      throw new Failure(
          said(e),
          path,
          "name whole data with --data: '"
              + EMBEDDED
              + "', a CIFAR-10 or CIFAR-100 archive or folder, or a folder of idx files",
          e);
    }
  }

  private static String said(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /// What is trained on, in the order of the training images.
  public Samples views(long seed) {
    return augment ? Views.cropped(train, seed) : Views.plain(train);
  }

  /// A backbone for these images, on no device yet.
  public Backbone backbone(String model) {
    return Backbones.make(model, train.channels(), classes());
  }

  /// All that a method may need to know of them.
  public Setting setting(Backbone student, Teacher teacher) {
    Shape one = Shape.of(train.height(), train.width(), train.channels());
    return new Setting(student, teacher, one, train.labels());
  }

  public int classes() {
    return train.classes().size();
  }
}
