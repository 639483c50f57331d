package retort.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import retort.nn.io.ArrayFile;
import retort.nn.io.StoredArray;

/// Takes weights that were trained elsewhere into a module: the wrappers of training programs come
/// off, names are matched through what the same layer is called in other code, and convolutions are
/// laid out as they are here.
public final class Import {
  /// How a file lays out the weights of convolutions.
  public enum Layout {
    /// PyTorch's `[out, in, kh, kw]`.
    TORCH,
    /// This library's `[out, kh, kw, in]`.
    RETORT
  }

  /// @param pattern a regular expression of a part of a name
  /// @param path what stands for it here
  private record Synonym(String pattern, String path) {}

  /// What published code calls things otherwise. One is taken only where it leads to a path that
  /// the module has, so they can't do harm to each other.
  private static final List<Synonym> SYNONYMS =
      List.of(
          new Synonym("^(linear|fc|classifier|head)\\.", "fc."),
          new Synonym("^(linear|fc|classifier|head)\\.", "linear."),
          new Synonym("^(linear|fc|head|classifier\\.0)\\.", "classifier."),
          new Synonym("\\.layer\\.", "."), // blocks of wide residual nets
          new Synonym("\\.shortcut\\.", ".downsample."),
          new Synonym("\\.conv\\.0\\.", ".conv1."), // inverted residuals as one list
          new Synonym("\\.conv\\.1\\.", ".bn1."),
          new Synonym("\\.conv\\.3\\.", ".conv2."),
          new Synonym("\\.conv\\.4\\.", ".bn2."),
          new Synonym("\\.conv\\.6\\.", ".conv3."),
          new Synonym("\\.conv\\.7\\.", ".bn3."));

  /// Buffers of PyTorch nets that hold nothing learned: how many batches a normalisation saw, which
  /// matters for another kind of momentum, and an index that follows from the extents.
  private static final List<String> DERIVED =
      List.of(".num_batches_tracked", ".relative_position_index");

  private Import() {}

  /// Loads what fits and reports the rest; the caller decides whether that is enough.
  public static LoadReport into(Module module, ArrayFile file, Layout layout) {
    SequencedMap<String, StoredArray> mapped = new LinkedHashMap<>();
    Set<String> paths = module.state().keySet();
    for (StoredArray array : file.stateDict().arrays().values()) {
      if (DERIVED.stream().anyMatch(array.name()::endsWith)) continue;
      String path = path(array.name(), paths);
      StoredArray laidOut = layout == Layout.TORCH ? channelsLast(array) : array;
      if (mapped.putIfAbsent(path, laidOut.renamed(path)) != null) {
        mapped.put(array.name(), laidOut); // a second claim to a path: reported as unexpected
      }
    }
    return Weights.loadMatching(module, mapped);
  }

  private static String path(String name, Set<String> paths) {
    if (paths.contains(name)) return name;
    for (Synonym s : SYNONYMS) {
      String other = name.replaceFirst(s.pattern, s.path);
      if (paths.contains(other)) return other;
    }
    return name;
  }

  /// `[o, i, h, w]` to `[o, h, w, i]`; other ranks stay.
  private static StoredArray channelsLast(StoredArray array) {
    int[] shape = array.shape();
    if (shape.length != 4) return array;
    int o = shape[0], i = shape[1], area = shape[2] * shape[3];
    double[] from = array.doubles(), to = new double[from.length];
    for (int a = 0; a < o; a++) {
      for (int b = 0; b < i; b++) {
        for (int p = 0; p < area; p++) to[(a * area + p) * i + b] = from[(a * i + b) * area + p];
      }
    }
    return StoredArray.of(array.name(), new int[] {o, shape[2], shape[3], i}, to);
  }
}
