package retort.nn.onnx;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// Which values of the graph stand for which tensors of a traced run.
///
/// A tensor is either *live*, computed from the inputs, and has a node; or constant, and its
/// numbers are written into the file where a live one meets it. Images are `[n, h, w, c]` here and
/// `[n, c, h, w]` in the file: a live image has a name in either layout, and the other is made by a
/// transposition where something asks for it.
final class Values {
  private static final int[] TO_CHANNELS_FIRST = {0, 3, 1, 2}, TO_CHANNELS_LAST = {0, 2, 3, 1};

  /// @param names by layout: channels last (and all that is no image), channels first
  private record Live(Shape shape, String[] names) {}

  private static final int LAST = 0, FIRST = 1;

  private final Graph graph;
  private final int batch;
  private final Map<Tensor, Live> live = new IdentityHashMap<>();
  private final Map<Tensor, String> constants = new IdentityHashMap<>();
  private final Map<Tensor, String> paths;

  /// @param batch how many images the traced run has
  /// @param paths what constants are called, where that is known
  Values(Graph graph, int batch, Map<Tensor, String> paths) {
    this.graph = graph;
    this.batch = batch;
    this.paths = new IdentityHashMap<>(paths);
  }

  int batch() {
    return batch;
  }

  void put(Tensor t, String name) {
    live.put(t, new Live(t.shape(), new String[] {name, null}));
  }

  void putChannelsFirst(Tensor t, String name) {
    live.put(t, new Live(t.shape(), new String[] {null, name}));
  }

  boolean isLive(Tensor t) {
    return live.containsKey(t) || t.viewed() != null && isLive(t.viewed());
  }

  /// Whether the value is at hand in the layout `[n, c, h, w]`.
  boolean isChannelsFirst(Tensor t) {
    return live.containsKey(t) && live.get(t).names[FIRST] != null;
  }

  /// The tensor's value as it is here, images `[n, h, w, c]`.
  String of(Tensor t) {
    if (!isLive(t)) return constant(t);
    Live value = known(t);
    if (value.names[LAST] == null) {
      value.names[LAST] =
          graph.node("Transpose", Map.of("perm", TO_CHANNELS_LAST), value.names[FIRST]);
    }
    return value.names[LAST];
  }

  /// An image's value as `[n, c, h, w]`.
  String channelsFirst(Tensor t) {
    if (!isLive(t)) return image(t);
    Live value = known(t);
    if (value.names[FIRST] == null) {
      value.names[FIRST] =
          graph.node("Transpose", Map.of("perm", TO_CHANNELS_FIRST), value.names[LAST]);
    }
    return value.names[FIRST];
  }

  /// The value of a tensor or of the one it views, which is given its own name now.
  private Live known(Tensor t) {
    Live value = live.get(t);
    if (value != null) return value;
    Tensor base = t.viewed();
    if (base.shape().equals(t.shape()) && t.viewedFrom() == 0) {
      live.put(t, known(base));
    } else if (base.shape().size() == t.shape().size()) {
      put(t, graph.node("Reshape", of(base), graph.ints(target(t.shape()))));
    } else {
      put(t, rows(t, base));
    }
    return live.get(t);
  }

  /// The extents of a reshape. The one that holds the batch is left to the runtime.
  private long[] target(Shape shape) {
    long[] dims = Arrays.stream(shape.toArray()).asLongStream().toArray();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] % batch == 0) {
        dims[i] = -1;
        return dims;
      }
    }
    throw new IllegalArgumentException(
        "onnx: a reshape to " + shape + " loses the axis of the batch of " + batch);
  }

  private String rows(Tensor t, Tensor base) {
    int row = base.shape().span(1, base.shape().rank());
    if (base.shape().at(0) % batch == 0) {
      throw new IllegalArgumentException(
          "onnx: rows " + t.shape() + " of " + base.shape() + " would be taken out of the batch");
    }
    long from = t.viewedFrom() / row;
    return graph.node(
        "Slice", of(base), graph.ints(from), graph.ints(from + t.shape().at(0)), graph.ints(0));
  }

  private String constant(Tensor t) {
    return constants.computeIfAbsent(
        t, c -> graph.tensor(path(c), c.shape().toArray(), c.toFloats()));
  }

  /// What a constant is called in the file.
  String path(Tensor t) {
    return paths.getOrDefault(t, "constant");
  }

  /// A constant image or kernel `[f, h, w, c]` as `[f, c, h, w]`.
  private String image(Tensor t) {
    int[] s = t.shape().toArray();
    float[] from = t.toFloats(), to = new float[from.length];
    int area = s[1] * s[2];
    for (int i = 0; i < from.length; i++) {
      int c = i % s[3], place = i / s[3] % area, f = i / s[3] / area;
      to[(f * s[3] + c) * area + place] = from[i];
    }
    return graph.tensor(path(t), new int[] {s[0], s[3], s[1], s[2]}, to);
  }
}
