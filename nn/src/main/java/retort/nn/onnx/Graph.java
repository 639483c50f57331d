package retort.nn.onnx;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// An ONNX graph that grows node by node. Field numbers are those of `onnx.proto`
/// (github.com/onnx/onnx).
final class Graph {
  /// Of ONNX 1.12: the first operator set with LayerNormalization. Every runtime of the last years
  /// knows it.
  private static final long OPSET = 17, IR_VERSION = 8;

  private static final int FLOAT = 1, INT64 = 7;
  private static final int ATTRIBUTE_FLOAT = 1, ATTRIBUTE_INT = 2, ATTRIBUTE_INTS = 7;

  /// What the first axis of every input is called.
  private static final String BATCH = "batch";

  private final Message nodes = new Message(), tensors = new Message();
  private final Message inputs = new Message(), outputs = new Message();
  private final Map<String, Integer> uses = new HashMap<>();

  /// A name that no other value has.
  private String unique(String like) {
    int n = uses.merge(like, 1, Integer::sum);
    return n == 1 ? like : unique(like + "_" + n);
  }

  /// Appends a node with one result and returns the result's name.
  ///
  /// @param attributes by name: an Integer, an int[] or a Double
  String node(String type, Map<String, Object> attributes, String... in) {
    String out = unique(type);
    add(type, attributes, out, in);
    return out;
  }

  String node(String type, String... in) {
    return node(type, Map.of(), in);
  }

  private void add(String type, Map<String, Object> attributes, String out, String... in) {
    Message node = new Message();
    for (String name : in) node.add(1, name);
    node.add(2, out).add(3, out).add(4, type);
    attributes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> node.add(5, attribute(e.getKey(), e.getValue())));
    nodes.add(1, node);
  }

  private static Message attribute(String name, Object value) {
    Message a = new Message().add(1, name);
    switch (value) {
      case Integer i -> a.add(3, i.longValue()).add(20, ATTRIBUTE_INT);
      case Double d -> a.add(2, d.floatValue()).add(20, ATTRIBUTE_FLOAT);
      case int[] ints -> {
        for (int i : ints) a.add(8, (long) i);
        a.add(20, ATTRIBUTE_INTS);
      }
      default -> throw new IllegalArgumentException(name + ": an attribute can't be " + value);
    }
    return a;
  }

  /// A constant tensor.
  String tensor(String like, int[] shape, float[] values) {
    ByteBuffer raw = Message.littleEndian(4 * values.length);
    raw.asFloatBuffer().put(values);
    return tensor(like, FLOAT, shape, raw.array());
  }

  String scalar(double value) {
    return tensor("constant", new int[0], new float[] {(float) value});
  }

  /// A constant vector of whole numbers, as shapes and axes are given.
  String ints(long... values) {
    ByteBuffer raw = Message.littleEndian(8 * values.length);
    raw.asLongBuffer().put(values);
    return tensor("ints", INT64, new int[] {values.length}, raw.array());
  }

  private String tensor(String like, int type, int[] shape, byte[] raw) {
    String name = unique(like);
    Message t = new Message();
    for (int d : shape) t.add(1, (long) d);
    tensors.add(5, t.add(2, type).add(8, name).add(9, raw));
    return name;
  }

  String input(String name, int[] perImage) {
    inputs.add(11, value(unique(name), perImage));
    return name;
  }

  void output(String name, String value, int[] perImage) {
    add("Identity", Map.of(), unique(name), value);
    outputs.add(12, value(name, perImage));
  }

  private static Message value(String name, int[] perImage) {
    Message shape = new Message().add(1, new Message().add(2, BATCH));
    for (int d : perImage) shape.add(1, new Message().add(1, (long) d));
    Message type = new Message().add(1, new Message().add(1, FLOAT).add(2, shape));
    return new Message().add(1, name).add(2, type);
  }

  Message model(String name, Map<String, String> metadata) {
    Message graph = new Message().append(nodes).add(2, name);
    graph.append(tensors).append(inputs).append(outputs);
    Message model =
        new Message()
            .add(1, IR_VERSION)
            .add(2, "retort")
            .add(7, graph)
            .add(8, new Message().add(1, "").add(2, OPSET));
    metadata.forEach((key, value) -> model.add(14, new Message().add(1, key).add(2, value)));
    return model;
  }
}
