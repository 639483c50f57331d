package retort.nn.io;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A view of a storage: offset, sizes and strides, all counted in elements.
record TorchTensor(TorchStorage storage, long offset, int[] size, long[] stride) {
  /// A checkpoint nested deeper than this contains itself.
  private static final int MAX_DEPTH = 50;

  /// More values than any checkpoint has: lists that contain each other many times over.
  private static final int MAX_VALUES = 1_000_000;

  /// The tensors within a pickled object by their paths, and its plain values as metadata.
  static ArrayFile collect(Object value, Path file) throws FormatException {
    List<StoredArray> arrays = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    visit("", value, 0, arrays, metadata, file);
    try {
      return ArrayFile.of(arrays, metadata);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file, e.getMessage(), e);
    }
  }

  private static void visit(
      String path,
      Object value,
      int depth,
      List<StoredArray> arrays,
      Map<String, String> metadata,
      Path file)
      throws FormatException {
    if (depth > MAX_DEPTH || arrays.size() + metadata.size() > MAX_VALUES) {
      throw new FormatException(file, "the pickled object is too deep or too large at " + path);
    }
    String prefix = path.isEmpty() ? "" : path + ".";
    switch (value) {
      case TorchTensor tensor -> arrays.add(tensor.read(path, file));
      case Pickle.NumpyArray array -> arrays.add(array.named(path));
      case Map<?, ?> map -> {
        for (Map.Entry<?, ?> e : map.entrySet()) {
          visit(prefix + e.getKey(), e.getValue(), depth + 1, arrays, metadata, file);
        }
      }
      case Pickle.Namespace n -> visit(path, n.attributes(), depth + 1, arrays, metadata, file);
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          visit(prefix + i, list.get(i), depth + 1, arrays, metadata, file);
        }
      }
      case null -> metadata.put(path, "null");
      default -> metadata.put(path, value.toString());
    }
  }

  private StoredArray read(String name, Path file) throws FormatException {
    byte[] bytes = storage.bytes();
    if (bytes == null) {
      throw new FormatException(file, "tensor " + name + ": its storage is missing");
    }
    try {
      check();
      return new StoredArray(
          name,
          storage.type(),
          size,
          Npy.gather(bytes, storage.type().bytes(), offset, size, stride));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new FormatException(file, "tensor " + name + ": " + e.getMessage(), e);
    }
  }

  /// The view must lie within its storage and not be larger than it: an expanded view of a few
  /// bytes could ask for all memory.
  private void check() {
    long count = StoredArray.count("", size);
    long last = offset;
    boolean sound = size.length == stride.length && offset >= 0 && count <= storage.elements();
    for (int i = 0; sound && i < size.length; i++) {
      sound = stride[i] >= 0;
      last = Math.addExact(last, Math.multiplyExact(Math.max(0L, size[i] - 1L), stride[i]));
    }
    if (!sound || count > 0 && last >= storage.elements()) {
      throw new IllegalArgumentException(
          "size "
              + Arrays.toString(size)
              + ", stride "
              + Arrays.toString(stride)
              + ", offset "
              + offset
              + " don't fit a storage of "
              + storage.elements()
              + " elements");
    }
  }
}
