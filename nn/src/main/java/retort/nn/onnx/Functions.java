package retort.nn.onnx;

import java.util.Map;
import retort.tensor.op.UnaryOp;

/// The functions of one number as nodes; what the operator set lacks is put together.
record Functions(Graph graph) {
  String unary(UnaryOp u, String x) {
    return switch (u.f()) {
      case AFFINE -> affine(x, u.a(), u.b());
      case POW -> graph.node("Pow", x, graph.scalar(u.a()));
      case SQUARE -> graph.node("Mul", x, x);
      case SQRT -> graph.node("Sqrt", x);
      case RECIPROCAL -> graph.node("Reciprocal", x);
      case EXP -> graph.node("Exp", x);
      case LOG -> graph.node("Log", x);
      case ABS -> graph.node("Abs", x);
      case SIN -> graph.node("Sin", x);
      case COS -> graph.node("Cos", x);
      case RELU -> graph.node("Relu", x);
      case LEAKY_RELU -> graph.node("LeakyRelu", Map.of("alpha", u.a()), x);
      case CLAMP -> graph.node("Clip", x, graph.scalar(u.a()), graph.scalar(u.b()));
      case SIGMOID -> graph.node("Sigmoid", x);
      case TANH -> graph.node("Tanh", x);
      case SILU -> graph.node("Mul", x, graph.node("Sigmoid", x));
      case GELU -> gelu(x, graph.node("Erf", affine(x, Math.sqrt(0.5), 0)));
      case GELU_TANH -> gelu(x, graph.node("Tanh", bent(x)));
      case HARD_SWISH -> graph.node("HardSwish", x);
      case SOFTPLUS -> graph.node("Softplus", x);
    };
  }

  private String affine(String x, double a, double b) {
    String y = a == 1 ? x : graph.node("Mul", x, graph.scalar(a));
    return b == 0 ? y : graph.node("Add", y, graph.scalar(b));
  }

  /// x (1 + g) / 2
  private String gelu(String x, String g) {
    return graph.node("Mul", x, affine(g, 0.5, 0.5));
  }

  /// sqrt(2 / pi) (x + 0.044715 x^3)
  private String bent(String x) {
    String cube = graph.node("Pow", x, graph.scalar(3));
    String sum = graph.node("Add", x, affine(cube, 0.044715, 0));
    return affine(sum, Math.sqrt(2 / Math.PI), 0);
  }
}
