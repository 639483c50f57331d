package retort.experiments.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import retort.experiments.Failure;
import retort.nn.data.Cifar;
import retort.nn.data.Dataset;
import retort.nn.data.FashionMnist;
import retort.nn.data.Idx;

/// The images of a run in three parts: to train on, to watch and choose by, and to report on once.
///
/// @param name what the records call it
/// @param hash SHA-256 over the hashes of the whole training and test sets
public record Images(String name, String hash, Dataset train, Dataset validation, Dataset test) {
  /// The seed of the validation split: the same images are held out in every run.
  private static final long SPLIT_SEED = 20260101;

  /// The word for the data that ships with the project.
  public static final String EMBEDDED = "embedded";

  /// Opens `embedded`, a CIFAR-10/100 archive or folder, or a folder of idx files.
  ///
  /// @param validation the share of the training images to hold out
  /// @param perClass how many training images of each class to keep, 0 for all
  public static Images open(String data, double validation, int perClass) {
    Dataset.Split whole = whole(data);
    Dataset kept = perClass > 0 ? whole.train().perClass(perClass) : whole.train();
    Dataset.Split split = kept.holdOut(validation, SPLIT_SEED);
    if (split.train().size() == 0 || split.heldOut().size() == 0) {
      throw new Failure(
          "the validation share "
              + validation
              + " leaves "
              + split.train().size()
              + " training and "
              + split.heldOut().size()
              + " validation images",
          data,
          "choose a share that leaves both some");
    }
    return new Images(
        whole.train().name(),
        whole.train().sha256() + "+" + whole.heldOut().sha256(),
        split.train(),
        split.heldOut(),
        whole.heldOut());
  }

  private static Dataset.Split whole(String data) {
    if (data.equals(EMBEDDED)) return FashionMnist.embedded();
    Path path = Path.of(data);
    try {
      if (Cifar.isAt(path)) return Cifar.read(path);
      if (Files.isDirectory(path)) return Idx.readFolder(path);
      if (Files.exists(path)) return Cifar.read(path); // its refusal says what was expected
      throw new Failure(
          "there is no data",
          path.toString(),
          "name '"
              + EMBEDDED
              + "', a CIFAR-10 or CIFAR-100 archive (.tar.gz) or folder, or a folder"
              + " of idx files (train-images-idx3-ubyte.gz and so on)");
    } catch (IOException e) {
      throw new Failure(said(e), path, "fetch the data anew, or name another with --data", e);
    } catch (UncheckedIOException e) {
      throw new Failure(said(e.getCause()), path, "fetch the data anew", e);
    }
  }

  private static String said(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /// The shape of a batch of these images, `[n, h, w, c]`.
  public int[] batch(int n) {
    return new int[] {n, train.height(), train.width(), train.channels()};
  }

  public int classes() {
    return train.classes().size();
  }
}
