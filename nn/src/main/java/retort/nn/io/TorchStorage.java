package retort.nn.io;

import java.nio.file.Path;
import java.util.Arrays;

/// A flat array that torch tensors are views of. Its contents come after the pickle that names it.
final class TorchStorage {
  private final ElementType type;
  private final String key;
  private final long elements;
  private byte[] bytes;

  TorchStorage(ElementType type, String key, long elements) {
    if (elements < 0 || elements > (Integer.MAX_VALUE - 8) / type.bytes()) {
      throw new IllegalArgumentException(
          "storage " + key + " of " + elements + " " + type + "; at most 2 GiB are read");
    }
    this.type = type;
    this.key = key;
    this.elements = elements;
  }

  ElementType type() {
    return type;
  }

  String key() {
    return key;
  }

  long elements() {
    return elements;
  }

  int byteCount() {
    return (int) elements * type.bytes();
  }

  /// The elements, little-endian; null until they were read.
  byte[] bytes() {
    return bytes;
  }

  /// Takes the bytes over.
  void fill(byte[] contents, boolean bigEndian, Path file) throws FormatException {
    if (contents.length < byteCount()) {
      throw new FormatException(
          file,
          "truncated: storage "
              + key
              + " needs "
              + byteCount()
              + " bytes, there are "
              + contents.length);
    }
    bytes = contents.length > byteCount() ? Arrays.copyOf(contents, byteCount()) : contents;
    if (bigEndian) {
      Npy.swap(bytes, type.bytes());
    }
  }
}
