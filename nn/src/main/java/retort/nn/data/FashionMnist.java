package retort.nn.data;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import retort.nn.io.FormatException;
import retort.nn.io.Sha256;

/// The data embedded in the project: a subset of Fashion-MNIST (arXiv 1708.07747; MIT licence) with
/// the first 1,000 training and the first 200 test images of each of the ten classes.
///
/// Licence and origin lie beside the files. They are gzipped idx files like the originals: a
/// predictor before the compression was measured to save only 4 %, not worth a format of its own.
public final class FashionMnist {
  static final String FOLDER = "fashion-mnist/";

  public static final List<String> CLASSES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  /// The embedded files with their SHA-256: a damaged build is found here, not in odd accuracies.
  private static final String[][] FILES = {
    {
      "train-images-idx3-ubyte.gz",
      "8e6599a337c9c9a128ebf21d744a8a30419264be1079d2710ea8231b172d1ea3"
    },
    {
      "train-labels-idx1-ubyte.gz",
      "b55fb8357f23698475457d10155864303769c142b30333dfde4340a4768169f2"
    },
    {
      "t10k-images-idx3-ubyte.gz",
      "8997630ac4585631f0846fc4246863ce395636fdf5648498e260f6c2f8fca77a"
    },
    {
      "t10k-labels-idx1-ubyte.gz",
      "afd1c0f16dd7bc3a74dd0587a2d6436c699aeb14f852ad97fbd0de8eb1efaf0f"
    }
  };

  private FashionMnist() {}

  /// 10,000 training and 2,000 test images, padded from 28x28 to 32x32.
  public static Dataset.Split embedded() {
    try {
      Idx[] parts = new Idx[4];
      Object[] names = new Object[4];
      for (int i = 0; i < 4; i++) {
        names[i] = "embedded file " + FOLDER + FILES[i][0];
        parts[i] = Idx.read(new ByteArrayInputStream(checked(FILES[i], names[i])), names[i]);
      }
      return Idx.split("Fashion-MNIST (embedded subset)", names, parts, CLASSES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] checked(String[] file, Object name) throws IOException {
    try (InputStream in = FashionMnist.class.getResourceAsStream(FOLDER + file[0])) {
      if (in == null) {
        throw new FileNotFoundException(name + " is missing from this build; build it again");
      }
      byte[] bytes = in.readAllBytes();
      checkSum(bytes, file[1], name);
      return bytes;
    }
  }

  static void checkSum(byte[] bytes, String expected, Object name) throws FormatException {
    String sum = Sha256.of(bytes);
    if (!sum.equals(expected)) {
      throw new FormatException(
          name, "damaged: SHA-256 " + sum + ", expected " + expected + "; build it again");
    }
  }
}
