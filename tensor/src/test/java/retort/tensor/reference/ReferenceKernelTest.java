package retort.tensor.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import retort.tensor.Convolution;
import retort.tensor.Device;
import retort.tensor.Kernels;
import retort.tensor.Pooling;
import retort.tensor.Product;
import retort.tensor.Slot;
import retort.tensor.Span;
import retort.tensor.Unary;

/// The judge itself, against numbers that don't come from it: worked by hand, published, or bound
/// by an identity.
class ReferenceKernelTest {
  private final Device device = Device.reference();
  private final Kernels k = device.kernels();

  private Span in(double... values) {
    Span s = device.take(values.length);
    device.write(values, 0, s);
    return s;
  }

  private double[] values(Span s) {
    double[] v = new double[s.size()];
    device.read(s, v, 0);
    return v;
  }

  private double f(Unary f, double a, double b, double x) {
    Span y = device.take(1);
    k.unary(f, a, b, in(x), y);
    return values(y)[0];
  }

  private static void assertClose(double[] got, double... want) {
    assertThat(got).hasSize(want.length);
    for (int i = 0; i < want.length; i++) assertThat(got[i]).isCloseTo(want[i], within(1e-12));
  }

  @Test
  void functionsOfOneNumber() {
    assertThat(f(Unary.AFFINE, 2, 3, 5)).isEqualTo(13);
    assertThat(f(Unary.POW, 3, 0, 2)).isEqualTo(8);
    assertThat(f(Unary.SIGMOID, 0, 0, Math.log(3))).isCloseTo(0.75, within(1e-15));
    assertThat(f(Unary.TANH, 0, 0, 0.5 * Math.log(3))).isCloseTo(0.5, within(1e-15));
    assertThat(f(Unary.SILU, 0, 0, Math.log(3))).isCloseTo(0.75 * Math.log(3), within(1e-15));
    assertThat(f(Unary.SOFTPLUS, 0, 0, 0)).isCloseTo(Math.log(2), within(1e-15));
    assertThat(f(Unary.SOFTPLUS, 0, 0, 800)).isEqualTo(800);
    assertThat(f(Unary.HARD_SWISH, 0, 0, 1)).isCloseTo(4 / 6.0, within(1e-15));
    assertThat(f(Unary.LEAKY_RELU, 0.1, 0, -2)).isCloseTo(-0.2, within(1e-15));
    assertThat(f(Unary.CLAMP, -1, 1, 7)).isEqualTo(1);
    assertThat(f(Unary.RELU, 0, 0, Double.NaN)).isNaN();
  }

  /// Tables of the normal distribution: Phi(1), Phi(-3), Phi(-8).
  @Test
  void geluFollowsTheNormalDistribution() {
    assertThat(f(Unary.GELU, 0, 0, 1)).isCloseTo(0.8413447460685429, within(1e-14));
    assertThat(f(Unary.GELU, 0, 0, -3)).isCloseTo(-3 * 0.0013498980316300945, within(1e-16));
    assertThat(f(Unary.GELU, 0, 0, -8)).isCloseTo(-8 * 6.220960574271785e-16, within(1e-28));
    for (double x = -6; x <= 6; x += 0.37) { // Phi(x) + Phi(-x) = 1
      assertThat(f(Unary.GELU, 0, 0, x) - f(Unary.GELU, 0, 0, -x)).isCloseTo(x, within(1e-13));
      assertThat(f(Unary.GELU_TANH, 0, 0, x)).isCloseTo(f(Unary.GELU, 0, 0, x), within(5e-4));
    }
  }

  @Test
  void aProductWorkedByHand() {
    Span c = device.take(4);
    k.matmul(
        Product.of(2, 2, 3, false, false),
        in(1, 2, 3, 4, 5, 6),
        in(7, 8, 9, 10, 11, 12),
        in(0.5, -0.5),
        Slot.write(c));
    assertClose(values(c), 58.5, 63.5, 139.5, 153.5);
    k.matmul( // a stored [k, m], b stored [n, k]
        Product.of(2, 2, 3, true, true),
        in(1, 4, 2, 5, 3, 6),
        in(7, 9, 11, 8, 10, 12),
        null,
        Slot.add(c));
    assertClose(values(c), 116.5, 127.5, 278.5, 307.5);
  }

  /// An image of 3 x 3 numbers 1 to 9, a filter that takes the right neighbour less the left one.
  @Test
  void aConvolutionWorkedByHand() {
    Convolution g = new Convolution(1, 3, 3, 1, 1, 3, 3, 1, 1, 1);
    Span x = in(1, 2, 3, 4, 5, 6, 7, 8, 9), w = in(0, 0, 0, -1, 0, 1, 0, 0, 0);
    Span y = device.take(9), dx = device.take(9), dw = device.take(9);
    k.conv(g, x, w, null, Slot.write(y));
    assertClose(values(y), 2, 2, -2, 5, 2, -5, 8, 2, -8);
    Span dy = in(0, 0, 0, 0, 1, 0, 0, 0, 0);
    k.convGradInput(g, dy, w, Slot.write(dx));
    assertClose(values(dx), 0, 0, 0, -1, 0, 1, 0, 0, 0);
    k.convGradWeight(g, dy, x, Slot.write(dw));
    assertClose(values(dw), 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  /// `<dy, conv(x, w)>` is linear in x and in w, and the gradients are its two other faces.
  @Test
  void aConvolutionsGradientsAreItsAdjoints() {
    Convolution g = new Convolution(2, 6, 5, 4, 6, 3, 3, 2, 1, 2);
    Span x = device.take(g.x().size()), w = device.take(g.weight().size());
    Span dy = device.take(g.y().size()), y = device.take(g.y().size());
    Span dx = device.take(x.size()), dw = device.take(w.size());
    k.normal(retort.tensor.Philox.of(1, "x"), x);
    k.normal(retort.tensor.Philox.of(1, "w"), w);
    k.normal(retort.tensor.Philox.of(1, "dy"), dy);
    k.conv(g, x, w, null, Slot.write(y));
    k.convGradInput(g, dy, w, Slot.write(dx));
    k.convGradWeight(g, dy, x, Slot.write(dw));
    double whole = dot(y, dy);
    assertThat(dot(x, dx)).isCloseTo(whole, within(1e-10));
    assertThat(dot(w, dw)).isCloseTo(whole, within(1e-10));
  }

  private double dot(Span a, Span b) {
    double[] p = values(a), q = values(b);
    double sum = 0;
    for (int i = 0; i < p.length; i++) sum += p[i] * q[i];
    return sum;
  }

  @Test
  void pooling() {
    Pooling g = new Pooling(1, 2, 2, 1, 2, 1, 1, false);
    Span x = in(1, 2, 3, 4), y = device.take(9), dx = device.take(4);
    k.maxPool(g, x, y);
    assertClose(values(y), 1, 2, 2, 3, 4, 4, 3, 4, 4);
    k.avgPool(g, x, y);
    assertClose(values(y), 1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4);
    k.avgPoolGrad(g, in(1, 0, 0, 0, 4, 0, 0, 0, 0), Slot.write(dx));
    assertClose(values(dx), 2, 1, 1, 1);
    Pooling tied = new Pooling(1, 2, 2, 1, 2, 2, 0, true);
    k.maxPoolGrad(tied, in(5, 5, 5, 5), in(5), in(3), Slot.write(dx));
    assertClose(values(dx), 3, 0, 0, 0);
  }

  @Test
  void normalisationByHand() {
    Span stats = device.take(4), y = device.take(4), kept = device.take(4);
    Span x = in(1, 10, 3, 30);
    k.moments(2, 2, x, stats);
    assertClose(values(stats), 2, 20, 1, 100);
    k.batchNorm(2, 2, 0, true, x, stats, in(2, 1), in(0.5, 0), in(0, 0.25, 0, 0.25), y);
    assertClose(values(y), 0, 0, 2.5, 1.25);
    k.layerNorm(2, 2, 0, in(1, 3, -4, -8), in(2, 1), in(0.5, 0), kept, y);
    assertClose(values(y), -1.5, 1, 2.5, -1);
    assertClose(values(kept), 2, 1, -6, 0.5);
  }

  @Test
  void crossEntropyOfEqualLogitsIsTheLogarithmOfTheClasses() {
    Span p = device.take(8), loss = device.take(2);
    k.crossEntropy(2, 4, new int[] {1, 3}, 0.3, in(7, 7, 7, 7, -2, -2, -2, -2), p, loss);
    assertClose(values(p), 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25);
    assertClose(values(loss), Math.log(4), Math.log(4));
    k.crossEntropy(1, 2, new int[] {0}, 0, in(0, Math.log(3)), p.slice(0, 2), loss.slice(0, 1));
    assertThat(values(loss)[0]).isCloseTo(Math.log(4), within(1e-15));
  }

  @Test
  void stepsOfTheOptimisersByHand() {
    Span w = in(1), v = in(0.5);
    k.sgd(0.1, 0.9, true, 0.01, in(2), v, w);
    assertClose(values(v), 0.45 + 2.01);
    assertClose(values(w), 1 - 0.1 * (2.01 + 0.9 * 2.46));
    Span m = in(0), s = in(0), u = in(1);
    k.adamW(0.001, 0.9, 0.999, 0, 0.1, 0.1, 0.001, in(-3), m, s, u);
    assertClose(values(u), 1 - 0.0001 + 0.001); // the first step is the rate, whatever the gradient
    assertClose(values(m), -0.3);
    assertClose(values(s), 0.009);
  }

  @Test
  void modulationByHand() {
    Span y = device.take(2), ada = in(0.5, -0.5, 2, 3);
    k.modulate(1, 2, 4, 0, 2, in(1, 10), ada, y);
    assertClose(values(y), 3.5, 39.5);
    k.gatedAdd(1, 2, 4, 2, in(1, 1), ada, in(10, 100), y);
    assertClose(values(y), 21, 301);
  }
}
