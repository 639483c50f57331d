package retort.nn.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import retort.nn.io.FormatException;

/// An array of bytes in the idx format of the MNIST family: two zero bytes, the element type (8:
/// unsigned byte), the number of extents, the big-endian extents, the elements.
public record Idx(int[] shape, byte[] data) {
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  /// The family's images of 28x28 are padded to this, so that three stride-2 stages halve evenly.
  private static final int PADDED = 32;

  /// Reads one array, plain or gzipped. `file` is what messages call it.
  public static Idx read(InputStream in, Object file) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
    buffered.mark(2);
    boolean zipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    try {
      return parse(zipped ? new GZIPInputStream(buffered, 1 << 16) : buffered, file);
    } catch (EOFException | ZipException e) {
      throw new FormatException(file, "truncated or damaged: " + e.getMessage(), e);
    }
  }

  private static Idx parse(InputStream in, Object file) throws IOException {
    ByteBuffer head = ByteBuffer.wrap(in.readNBytes(4));
    if (head.remaining() < 4 || head.getShort() != 0) {
      throw new FormatException(file, "not an idx file: it doesn't begin with two zero bytes");
    }
    int type = head.get();
    int rank = head.get();
    if (type != 8 || rank < 1 || rank > 4) {
      throw new FormatException(
          file, "idx element type " + type + " of rank " + rank + "; unsigned bytes (8) are read");
    }
    ByteBuffer extents = ByteBuffer.wrap(in.readNBytes(4 * rank));
    if (extents.remaining() < 4 * rank) {
      throw new FormatException(file, "truncated in its header");
    }
    int[] shape = new int[rank];
    long count = 1;
    for (int i = 0; i < rank; i++) {
      shape[i] = extents.getInt();
      if (shape[i] < 0 || (count *= shape[i]) > Integer.MAX_VALUE - 8) {
        throw new FormatException(file, "idx shape " + Arrays.toString(shape) + " is impossible");
      }
    }
    byte[] data = in.readNBytes((int) count);
    if (data.length < count) {
      throw new FormatException(
          file,
          "truncated: shape "
              + Arrays.toString(shape)
              + " needs "
              + count
              + " bytes, there are "
              + data.length);
    }
    if (in.read() >= 0) {
      throw new FormatException(
          file, "bytes follow the " + count + " that shape " + Arrays.toString(shape) + " needs");
    }
    return new Idx(shape, data);
  }

  /// A folder with the family's four files, each plain or with `.gz`: the training and test sets.
  /// Classes are named by their numbers.
  public static Dataset.Split readFolder(Path folder) throws IOException {
    Idx[] parts = new Idx[4];
    Path[] files = new Path[4];
    for (int i = 0; i < 4; i++) {
      Path plain = folder.resolve(FILES.get(i));
      Path zipped = folder.resolve(FILES.get(i) + ".gz");
      files[i] = Files.exists(plain) ? plain : zipped;
      if (!Files.exists(files[i])) {
        throw new FileNotFoundException(
            "no "
                + plain
                + "[.gz]; a folder of the MNIST family holds "
                + FILES
                + ", plain or gzipped. Fashion-MNIST's are at"
                + " https://github.com/zalandoresearch/fashion-mnist and in Debian's package"
                + " dataset-fashion-mnist, MNIST's at https://yann.lecun.com/exdb/mnist");
      }
      try (InputStream in = Files.newInputStream(files[i])) {
        parts[i] = read(in, files[i]);
      }
    }
    int classes = 1;
    for (byte label : parts[1].data) {
      classes = Math.max(classes, (label & 0xff) + 1);
    }
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return split(String.valueOf(folder.getFileName()), files, parts, names);
  }

  /// The training and test sets from training images and labels, test images and labels.
  static Dataset.Split split(String name, Object[] files, Idx[] parts, List<String> classes)
      throws FormatException {
    byte[] pixels = padded(parts[0], files[0]);
    Normalisation normalisation = Normalisation.of(pixels, 1);
    return new Dataset.Split(
        dataset(name + " train", files, parts, 0, pixels, classes, normalisation),
        dataset(
            name + " test", files, parts, 2, padded(parts[2], files[2]), classes, normalisation));
  }

  private static Dataset dataset(
      String name,
      Object[] files,
      Idx[] parts,
      int at,
      byte[] pixels,
      List<String> classes,
      Normalisation normalisation)
      throws FormatException {
    Idx labels = parts[at + 1];
    Idx images = parts[at];
    if (labels.shape.length != 1 || labels.shape[0] != images.shape[0]) {
      throw new FormatException(
          files[at + 1],
          "labels of shape "
              + Arrays.toString(labels.shape)
              + " for images of shape "
              + Arrays.toString(images.shape)
              + " in "
              + files[at]);
    }
    int[] values = new int[labels.data.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = labels.data[i] & 0xff;
      if (values[i] >= classes.size()) {
        throw new FormatException(
            files[at + 1],
            "image "
                + i
                + " has label "
                + values[i]
                + "; there are "
                + classes.size()
                + " classes");
      }
    }
    int size = side(images.shape[1]);
    int width = side(images.shape[2]);
    return new Dataset(name, size, width, 1, pixels, values, classes, normalisation);
  }

  private static int side(int extent) {
    return extent == 28 ? PADDED : extent;
  }

  private static byte[] padded(Idx images, Object file) throws FormatException {
    if (images.shape.length != 3 || images.shape[1] == 0 || images.shape[2] == 0) {
      throw new FormatException(
          file, "images need shape [n, height, width], got " + Arrays.toString(images.shape));
    }
    int n = images.shape[0];
    int h = images.shape[1];
    int w = images.shape[2];
    int top = (side(h) - h) / 2;
    int left = (side(w) - w) / 2;
    byte[] out = new byte[Math.multiplyExact(n, side(h) * side(w))];
    for (int i = 0; i < n; i++) {
      for (int y = 0; y < h; y++) {
        System.arraycopy(
            images.data, (i * h + y) * w, out, (i * side(h) + y + top) * side(w) + left, w);
      }
    }
    return out;
  }
}
