package retort.nn.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import retort.tensor.CustomOp;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;
import retort.tensor.op.*;

/// Writes each operation of a traced run as nodes of the graph, at the moment it has run.
///
/// Operations on constants alone are left out, since their results are constants too; but a
/// constant that is repeated for every image of the batch is repeated by the runtime, which alone
/// knows how many there are.
final class Nodes implements Tape.Listener {
  /// Our axes of images in the order of the file's: `[n, h, w, c]` are its axes 0, 2, 3, 1.
  private static final int[] IN_FILE = {0, 2, 3, 1};

  private final Graph graph;
  private final Values values;
  private final String anyInput;
  private String batch;

  /// @param anyInput an input of the graph, whose first axis tells the batch
  Nodes(Graph graph, Values values, String anyInput) {
    this.graph = graph;
    this.values = values;
    this.anyInput = anyInput;
  }

  @Override
  public void ran(Op op, Tensor[] in, Tensor out) {
    if (Stream.of(in).anyMatch(values::isLive)) {
      write(op, in, out);
    } else if (op instanceof Expand && out.shape().at(0) % values.batch() == 0) {
      values.put(out, graph.node("Expand", values.of(in[0]), batchAndRest(out.shape())));
    }
  }

  private void write(Op op, Tensor[] in, Tensor out) {
    switch (op) {
      case UnaryOp u -> {
        boolean first = values.isChannelsFirst(in[0]);
        put(out, first, new Functions(graph).unary(u, value(in[0], first)));
      }
      case BinaryOp b -> {
        boolean images = Stream.of(in).allMatch(t -> t.shape().equals(out.shape()));
        boolean first = images && Stream.of(in).anyMatch(values::isChannelsFirst);
        put(out, first, graph.node(name(b), value(in[0], first), value(in[1], first)));
      }
      case Conv2d c -> convolution(c, in, out);
      case BatchNorm n -> normalisation(n, in, out);
      case MaxPool p -> pool("MaxPool", window(p.k(), p.stride(), p.pad()), in, out);
      case AvgPool p -> {
        Map<String, Object> window = window(p.k(), p.stride(), p.pad());
        window.put("count_include_pad", p.countPad() ? 1 : 0);
        pool("AveragePool", window, in, out);
      }
      case Reduce r -> reduce(r, in[0], out);
      case Concat c -> {
        boolean first = Stream.of(in).anyMatch(values::isChannelsFirst);
        String[] parts = Stream.of(in).map(t -> value(t, first)).toArray(String[]::new);
        put(out, first, graph.node("Concat", Map.of("axis", axis(c.axis(), first)), parts));
      }
      case Narrow n -> {
        boolean first = values.isChannelsFirst(in[0]);
        int end = n.start() + (n.length() - 1) * n.step() + 1;
        String x = value(in[0], first);
        put(out, first, slice(x, n.start(), end, axis(n.axis(), first), n.step()));
      }
      case Pad p -> {
        boolean first = values.isChannelsFirst(in[0]);
        int rank = out.shape().rank();
        long[] pads = new long[2 * rank];
        pads[axis(p.axis(), first)] = p.before();
        pads[rank + axis(p.axis(), first)] = p.after();
        put(out, first, graph.node("Pad", value(in[0], first), graph.ints(pads)));
      }
      case Permute p ->
          values.put(out, graph.node("Transpose", Map.of("perm", p.axes()), values.of(in[0])));
      case Expand _ -> {
        String shape = graph.ints(stretched(in[0].shape(), out.shape()));
        values.put(out, graph.node("Expand", values.of(in[0]), shape));
      }
      case Linear _ -> linear(in, out);
      case Matmul m -> {
        String a = m.transposeA() ? turned(in[0]) : values.of(in[0]);
        String b = m.transposeB() ? turned(in[1]) : values.of(in[1]);
        values.put(out, graph.node("MatMul", a, b));
      }
      case Attention a -> attention(a, in, out);
      case LayerNorm n -> {
        int[] c = {out.shape().last()};
        float[] ones = new float[c[0]];
        Arrays.fill(ones, 1);
        String scale = in.length > 1 ? values.of(in[1]) : graph.tensor("ones", c, ones);
        String shift = in.length > 1 ? values.of(in[2]) : graph.tensor("zeros", c, new float[c[0]]);
        Map<String, Object> how = Map.of("axis", -1, "epsilon", n.eps());
        values.put(out, graph.node("LayerNormalization", how, values.of(in[0]), scale, shift));
      }
      case Softmax s ->
          values.put(
              out,
              graph.node(s.log() ? "LogSoftmax" : "Softmax", Map.of("axis", -1), values.of(in[0])));
      case Modulate m -> {
        int c = out.shape().last();
        String scale = graph.node("Add", columns(in[1], m.scale(), c), graph.scalar(1));
        String scaled = graph.node("Mul", values.of(in[0]), scale);
        values.put(out, graph.node("Add", scaled, columns(in[1], m.shift(), c)));
      }
      case GatedAdd g -> {
        String gate = columns(in[1], g.gate(), out.shape().last());
        String gated = graph.node("Mul", gate, values.of(in[2]));
        values.put(out, graph.node("Add", values.of(in[0]), gated));
      }
      case ConvTranspose2d _, CrossEntropy _, Dropout _, Gather _, Moments _, CustomOp _ ->
          throw new IllegalArgumentException(
              "onnx: "
                  + op.name()
                  + " of what depends on the inputs has no form in the file; export a net that only"
                  + " answers, in evaluation mode");
    }
  }

  // ---- images

  private void convolution(Conv2d c, Tensor[] in, Tensor out) {
    Map<String, Object> how = window(in[1].shape().at(1), c.stride(), c.pad());
    how.put("kernel_shape", new int[] {in[1].shape().at(1), in[1].shape().at(2)});
    how.put("group", c.groups());
    String x = values.channelsFirst(in[0]), w = values.channelsFirst(in[1]);
    String y =
        in.length > 2
            ? graph.node("Conv", how, x, w, values.of(in[2]))
            : graph.node("Conv", how, x, w);
    values.putChannelsFirst(out, y);
  }

  private void pool(String type, Map<String, Object> how, Tensor[] in, Tensor out) {
    values.putChannelsFirst(out, graph.node(type, how, values.channelsFirst(in[0])));
  }

  private static Map<String, Object> window(int k, int stride, int pad) {
    Map<String, Object> how = new HashMap<>();
    how.put("kernel_shape", new int[] {k, k});
    how.put("strides", new int[] {stride, stride});
    how.put("pads", new int[] {pad, pad, pad, pad});
    return how;
  }

  private void normalisation(BatchNorm n, Tensor[] in, Tensor out) {
    if (n.batchStats()) {
      throw new IllegalArgumentException(
          "onnx: a batch normalisation in training mode; call eval() before the export");
    }
    boolean first = out.shape().rank() == 4;
    int c = out.shape().last();
    float[] stats = in[3].toFloats();
    String mean = graph.tensor("mean", new int[] {c}, Arrays.copyOf(stats, c));
    String var = graph.tensor("var", new int[] {c}, Arrays.copyOfRange(stats, c, 2 * c));
    String y =
        graph.node(
            "BatchNormalization",
            Map.of("epsilon", n.eps()),
            value(in[0], first),
            values.of(in[1]),
            values.of(in[2]),
            mean,
            var);
    if (in.length > 4) y = graph.node("Add", y, value(in[4], first));
    put(out, first, n.relu() ? graph.node("Relu", y) : y);
  }

  private void reduce(Reduce r, Tensor x, Tensor out) {
    boolean first = values.isChannelsFirst(x) && r.from() == 1 && r.to() == 3;
    int[] axes = IntStream.range(r.from(), r.to()).map(a -> axis(a, first)).sorted().toArray();
    String value = value(x, first);
    values.put(
        out,
        switch (r.r()) {
          // Sums take their axes as an input since operator set 13, the others later.
          case SUM ->
              graph.node(
                  "ReduceSum",
                  Map.of("keepdims", 0),
                  value,
                  graph.ints(Arrays.stream(axes).asLongStream().toArray()));
          case MEAN -> graph.node("ReduceMean", Map.of("axes", axes, "keepdims", 0), value);
          case MAX -> graph.node("ReduceMax", Map.of("axes", axes, "keepdims", 0), value);
        });
  }

  // ---- products

  private void linear(Tensor[] in, Tensor out) {
    String x = values.of(in[0]), w = values.of(in[1]);
    if (in[0].shape().rank() == 2) {
      String[] all = Stream.of(in).map(values::of).toArray(String[]::new);
      values.put(out, graph.node("Gemm", Map.of("transB", 1), all));
      return;
    }
    String y =
        graph.node("MatMul", x, graph.node("Transpose", Map.of("perm", new int[] {1, 0}), w));
    values.put(out, in.length > 2 ? graph.node("Add", y, values.of(in[2])) : y);
  }

  private String turned(Tensor t) {
    int rank = t.shape().rank();
    int[] perm = IntStream.range(0, rank).toArray();
    perm[rank - 1] = rank - 2;
    perm[rank - 2] = rank - 1;
    return graph.node("Transpose", Map.of("perm", perm), values.of(t));
  }

  private void attention(Attention a, Tensor[] in, Tensor out) {
    String scores = graph.node("MatMul", values.of(in[0]), turned(in[1]));
    scores = graph.node("Mul", scores, graph.scalar(a.scale()));
    if (in.length > 3) scores = graph.node("Add", scores, values.of(in[3]));
    String weights = graph.node("Softmax", Map.of("axis", -1), scores);
    values.put(out, graph.node("MatMul", weights, values.of(in[2])));
  }

  // ---- shapes

  private String columns(Tensor t, int from, int count) {
    return slice(values.of(t), from, from + count, t.shape().rank() - 1, 1);
  }

  private String slice(String x, int from, int to, int axis, int step) {
    return graph.node(
        "Slice", x, graph.ints(from), graph.ints(to), graph.ints(axis), graph.ints(step));
  }

  /// What Expand stretches to: 1 where an extent stays.
  private static long[] stretched(Shape from, Shape to) {
    long[] dims = new long[to.rank()];
    int missing = to.rank() - from.rank();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i >= missing && from.at(i - missing) == to.at(i) ? 1 : to.at(i);
    }
    return dims;
  }

  /// A shape whose first extent is a multiple of the batch.
  private String batchAndRest(Shape shape) {
    if (batch == null) {
      batch = graph.node("Gather", graph.node("Shape", anyInput), graph.ints(0));
    }
    int times = shape.at(0) / values.batch();
    String first = times == 1 ? batch : graph.node("Mul", batch, graph.ints(times));
    if (shape.rank() == 1) return first;
    long[] rest = Arrays.stream(shape.toArray()).skip(1).asLongStream().toArray();
    return graph.node("Concat", Map.of("axis", 0), first, graph.ints(rest));
  }

  private static String name(BinaryOp b) {
    return switch (b.f()) {
      case ADD -> "Add";
      case SUB -> "Sub";
      case MUL -> "Mul";
      case DIV -> "Div";
      case MAX -> "Max";
      case MIN -> "Min";
    };
  }

  private static int axis(int ours, boolean channelsFirst) {
    return channelsFirst ? IN_FILE[ours] : ours;
  }

  private String value(Tensor t, boolean channelsFirst) {
    return channelsFirst ? values.channelsFirst(t) : values.of(t);
  }

  private void put(Tensor out, boolean channelsFirst, String name) {
    if (channelsFirst) values.putChannelsFirst(out, name);
    else values.put(out, name);
  }
}
