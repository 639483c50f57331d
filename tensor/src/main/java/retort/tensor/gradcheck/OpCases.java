package retort.tensor.gradcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import retort.tensor.Back;
import retort.tensor.Binary;
import retort.tensor.CustomOp;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Philox;
import retort.tensor.Reduction;
import retort.tensor.Shape;
import retort.tensor.Tensor;
import retort.tensor.Unary;
import retort.tensor.op.*;

/// The gradient cases of every op: each kind of each, odd shapes, broadcasting, ties and empty
/// axes. A test walks the sealed [Op]s and fails by name for one that has none here.
public final class OpCases {
  private static final List<String> BROADCASTS =
      List.of("2x3, 2x3", "2x3, 3", "2x1, 1x3", "scalar, 2x3", "2x3, 1", "3x2x2, 2x1", "0x3, 3");

  /// An op by itself at some inputs, of which some have no gradient.
  public record OpCase(Op op, String inputs, int... constants) {
    GradientCase gradientCase() {
      return GradientCase.of(op, inputs).constant(constants);
    }
  }

  /// The smallest op a user may write: y = x^3, in the verbs of the device.
  public record Cube() implements CustomOp {
    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public void forward(Forward f) {
      f.kernels().unary(Unary.POW, 3, 0, f.x(0), f.y());
    }

    @Override
    public void backward(Back b) {
      b.kernels().unaryGrad(Unary.POW, 3, 0, b.x(0), null, b.dy(), b.slot(0));
    }
  }

  private OpCases() {}

  public static List<GradientCase> all() {
    return Stream.of(ops().stream().map(OpCase::gradientCase), programs().stream())
        .flatMap(cases -> cases)
        .toList();
  }

  /// The cases of single ops: what the coverage gate counts.
  public static List<OpCase> ops() {
    var cases = new ArrayList<OpCase>();
    for (Unary f : Unary.values()) {
      unary(cases, f);
    }
    for (Binary f : Binary.values()) {
      BROADCASTS.forEach(inputs -> add(cases, new BinaryOp(f), binary(f, inputs)));
    }
    add(cases, new BinaryOp(Binary.MAX), "2x5:ties, 5:ties");
    reductions(cases);
    shapes(cases);
    products(cases);
    images(cases);
    norms(cases);
    return cases;
  }

  private static void add(List<OpCase> cases, Op op, String... inputs) {
    for (String one : inputs) {
      cases.add(new OpCase(op, one));
    }
  }

  private static void unary(List<OpCase> cases, Unary f) {
    switch (f) {
      case AFFINE -> add(cases, new UnaryOp(f, 2.5, -1), "2x3", "scalar", "0x3");
      case POW -> {
        add(cases, new UnaryOp(f, 3, 0), "2x3");
        add(cases, new UnaryOp(f, 1.5, 0), "2x3:positive");
      }
      case SQRT, RECIPROCAL, LOG -> add(cases, new UnaryOp(f, 0, 0), "2x3:positive");
      case ABS, RELU -> add(cases, new UnaryOp(f, 0, 0), "3x5", "3x5:ties");
      case LEAKY_RELU -> add(cases, new UnaryOp(f, 0.1, 0), "3x5", "3x5:ties");
      case CLAMP -> add(cases, new UnaryOp(f, -1, 1), "3x5", "3x5:ties");
      case SQUARE, EXP, SIN, COS, SIGMOID, TANH, SILU, GELU, GELU_TANH, HARD_SWISH, SOFTPLUS ->
          add(cases, new UnaryOp(f, 0, 0), "2x5", "7:small");
    }
  }

  private static String binary(Binary f, String inputs) {
    return f == Binary.DIV ? inputs + ":positive" : inputs;
  }

  private static void reductions(List<OpCase> cases) {
    for (Reduction r : Reduction.values()) {
      add(cases, new Reduce(r, 0, 1), "3x4", "5");
      add(cases, new Reduce(r, 1, 3), "2x3x2x3");
      add(cases, new Reduce(r, 0, 2), "3x4");
      add(cases, new Reduce(r, 1, 1), "2x3");
    }
    add(cases, new Reduce(Reduction.MAX, 1, 2), "4x5:ties");
    add(cases, new Reduce(Reduction.SUM, 0, 1), "0x3");
    add(cases, new Softmax(false), "3x5", "2x3x2", "4x1", "2x3:large");
    add(cases, new Softmax(true), "3x5", "2x3x2", "4x1");
    add(cases, new CrossEntropy(0, 2, 0, 4), "3x5");
    add(cases, new CrossEntropy(0.1, 1, 1), "2x3");
  }

  private static void shapes(List<OpCase> cases) {
    add(cases, new Concat(1), "2x3, 2x1, 2x2");
    add(cases, new Concat(0), "2x3, 2x3", "0x3, 2x3");
    add(cases, new Expand(Shape.of(4, 2, 3)), "2x1", "3", "scalar", "4x1x3");
    add(cases, new Gather(2, 0, 2, 1), "3x4", "3");
    add(cases, new Narrow(1, 1, 2, 1), "3x4", "2x4x3");
    add(cases, new Narrow(1, 1, 2, 2), "3x4");
    add(cases, new Pad(1, 2, 1), "2x3", "2x3x2");
    add(cases, new Permute(2, 0, 1), "2x3x4");
    add(cases, new Permute(1, 0), "3x5");
    add(cases, new Dropout(0.4, new Philox(7, 3)), "4x5");
    add(cases, new Cube(), "2x3");
  }

  private static void products(List<OpCase> cases) {
    add(cases, new Linear(), "4x3, 5x3", "4x3, 5x3, 5", "2x3x4, 5x4, 5", "1x1, 1x1, 1");
    for (boolean a : new boolean[] {false, true}) {
      for (boolean b : new boolean[] {false, true}) {
        String left = a ? "3x2" : "2x3";
        String right = b ? "4x3" : "3x4";
        add(cases, new Matmul(a, b), left + ", " + right, "2x" + left + ", 2x" + right);
      }
    }
    add(cases, new Modulate(0, 3), "4x3, 4x6");
    add(cases, new Modulate(5, 1), "2x2x3, 2x2x9");
    add(cases, new Attention(0.5), "1x2x3x2, 1x2x4x2, 1x2x4x2", "2x2x3x2, 2x2x3x2, 2x2x3x2, 2x3x3");
    add(cases, new GatedAdd(2), "4x3, 4x6, 4x3");
  }

  private static void images(List<OpCase> cases) {
    add(cases, new Conv2d(1, 1, 1), "1x4x3x3, 2x3x3x3", "2x3x4x2, 3x3x3x2, 3", "1x1x1x1, 1x3x3x1");
    add(cases, new Conv2d(2, 1, 1), "2x5x4x1, 3x3x3x1, 3");
    add(cases, new Conv2d(1, 0, 1), "2x2x3x4, 3x1x1x4");
    add(cases, new Conv2d(2, 0, 1), "1x4x4x2, 2x2x2x2");
    add(cases, new Conv2d(1, 2, 1), "1x4x4x1, 2x5x5x1");
    add(cases, new Conv2d(1, 1, 2), "1x3x3x4, 6x3x3x2");
    add(cases, new Conv2d(1, 1, 4), "2x3x3x4, 4x3x3x1");
    add(cases, new Conv2d(2, 1, 4), "1x5x5x4, 4x3x3x1");
    add(cases, new ConvTranspose2d(2, 1), "2x3x3x2, 2x4x4x3");
    add(cases, new ConvTranspose2d(1, 0), "1x3x2x3, 3x2x2x2");
    add(cases, new MaxPool(2, 2, 0), "2x4x4x1", "1x4x4x2:ties");
    add(cases, new MaxPool(3, 2, 1), "1x5x5x2");
    for (boolean countPad : new boolean[] {true, false}) {
      add(cases, new AvgPool(2, 2, 0, countPad), "1x4x4x2");
      add(cases, new AvgPool(3, 2, 1, countPad), "1x5x5x2");
    }
  }

  private static void norms(List<OpCase> cases) {
    add(cases, new LayerNorm(1e-5), "4x5", "4x5, 5, 5", "2x3x4, 4, 4");
    add(cases, new Moments(), "6x3", "2x3x2x2");
    int stats = 3;
    cases.add(new OpCase(new BatchNorm(1e-5, false, false), "6x3, 3, 3, 2x3:positive", stats));
    cases.add(new OpCase(new BatchNorm(1e-5, true, false), "6x3, 3, 3, 2x3:positive, 6x3", stats));
  }

  /// Methods that aren't one op: views, and ops whose arguments depend on each other.
  private static List<GradientCase> programs() {
    return List.of(
        batchNorm(false, "6x3, 3, 3"),
        batchNorm(true, "6x3, 3, 3"),
        batchNorm(false, "2x2x2x3, 3, 3, 2x2x2x3"),
        batchNorm(true, "2x2x2x3, 3, 3, 2x2x2x3"),
        GradientCase.of("reshape", "2x6", x -> x[0].reshape(3, -1).square()),
        GradientCase.of("narrow", "4x3", x -> x[0].narrow(0, 1, 2).square()).variant("first axis"),
        GradientCase.of("narrow", "4x3", OpCases::overlapping).variant("overlapping views"),
        GradientCase.of(
            "chunk", "2x6", x -> Tensor.concat(0, x[0].chunk(3, 1).toArray(Tensor[]::new))),
        GradientCase.of("mean", "2x3x4", x -> x[0].mean(0, 2)).variant("two axes apart"),
        GradientCase.of("mse", "2x3, 2x3", x -> x[0].mse(x[1])),
        GradientCase.of("crossEntropy", "3x4, 3x4:simplex", x -> x[0].crossEntropy(x[1]))
            .variant("soft targets"),
        GradientCase.of(
            "binaryCrossEntropy", "3x4, 3x4:simplex", x -> x[0].binaryCrossEntropy(x[1])),
        GradientCase.of("mul", "2x3", x -> x[0].mul(x[0])).variant("one tensor twice"),
        GradientCase.of("matmul", "3x3", x -> x[0].matmul(x[0])).variant("one tensor twice"),
        GradientCase.of("linear", "3x3", x -> x[0].linear(x[0], null)).variant("one tensor twice"),
        GradientCase.of("concat", "2x3", x -> Tensor.concat(1, x[0], x[0]))
            .variant("one tensor twice"),
        GradientCase.of("detach", "2x3", x -> x[0].detach().mul(0).add(x[0].square()))
            .variant("beside a live branch"));
  }

  private static Tensor overlapping(Tensor... x) {
    return x[0].narrow(0, 0, 3).mul(x[0].narrow(0, 1, 3));
  }

  private static GradientCase batchNorm(boolean relu, String inputs) {
    BatchNorm how = new BatchNorm(1e-5, relu, true);
    return GradientCase.of(
            "batchNorm",
            inputs,
            x -> x[0].batchNorm(x[1], x[2], x[0].moments(), x.length > 3 ? x[3] : null, how))
        .variant(how.toString());
  }
}
