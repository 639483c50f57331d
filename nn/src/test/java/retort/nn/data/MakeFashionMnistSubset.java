package retort.nn.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Makes the embedded subset of Fashion-MNIST from the original files (Debian's package
/// dataset-fashion-mnist puts them in /usr/share/datasets/fashion-mnist):
///
/// `java retort.nn.data.MakeFashionMnistSubset ORIGINALS TARGET`
///
/// The rule: of each class the first 1,000 training and the first 200 test images, in the original
/// order.
final class MakeFashionMnistSubset {
  static final String[] PARTS = {"train", "t10k"};
  static final int[] PER_CLASS = {1000, 200};

  private MakeFashionMnistSubset() {}

  public static void main(String[] args) throws IOException {
    Path originals = Path.of(args[0]);
    Path target = Path.of(args[1]);
    for (int part = 0; part < 2; part++) {
      Idx[] subset = subset(originals, part);
      write(target.resolve(PARTS[part] + "-images-idx3-ubyte.gz"), subset[0]);
      write(target.resolve(PARTS[part] + "-labels-idx1-ubyte.gz"), subset[1]);
    }
  }

  /// The chosen images and labels of a part.
  static Idx[] subset(Path originals, int part) throws IOException {
    Idx images = read(originals.resolve(PARTS[part] + "-images-idx3-ubyte.gz"));
    Idx labels = read(originals.resolve(PARTS[part] + "-labels-idx1-ubyte.gz"));
    int bytes = images.shape()[1] * images.shape()[2];
    int[] seen = new int[10];
    ByteArrayOutputStream chosenImages = new ByteArrayOutputStream();
    ByteArrayOutputStream chosenLabels = new ByteArrayOutputStream();
    for (int i = 0; i < labels.data().length; i++) {
      if (seen[labels.data()[i]]++ < PER_CLASS[part]) {
        chosenImages.write(images.data(), i * bytes, bytes);
        chosenLabels.write(labels.data()[i]);
      }
    }
    int n = chosenLabels.size();
    return new Idx[] {
      new Idx(new int[] {n, images.shape()[1], images.shape()[2]}, chosenImages.toByteArray()),
      new Idx(new int[] {n}, chosenLabels.toByteArray())
    };
  }

  private static Idx read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Idx.read(in, file);
    }
  }

  private static void write(Path file, Idx idx) throws IOException {
    try (OutputStream out = new BestGzip(Files.newOutputStream(file))) {
      out.write(new byte[] {0, 0, 8, (byte) idx.shape().length});
      for (int extent : idx.shape()) {
        out.write(ByteBuffer.allocate(4).putInt(extent).array());
      }
      out.write(idx.data());
    }
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
