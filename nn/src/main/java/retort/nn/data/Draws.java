package retort.nn.data;

import retort.tensor.Philox;

/// A short sequence of random numbers, drawn one after the other from a [Philox] stream of its own:
/// the draws of one view of one image are a pure function of (seed, epoch, index, view), so any
/// view can be computed again at any time, on any thread, in any order.
public final class Draws {
  private final Philox philox;
  private final int[] block = new int[4];
  private int drawn;

  private Draws(Philox philox) {
    this.philox = philox;
  }

  /// The sequence for a purpose and its numbers, such as ("augment", epoch, index, view).
  public static Draws of(long seed, String purpose, long... numbers) {
    return new Draws(Philox.of(seed, purpose, numbers));
  }

  /// 32 random bits.
  public int bits() {
    int lane = drawn & 3;
    if (lane == 0) {
      philox.block(drawn >>> 2, block);
    }
    drawn++;
    return block[lane];
  }

  /// Uniform in [0, 1), a multiple of 2^-32.
  public double uniform() {
    return Philox.unit(bits());
  }

  /// Uniform in [low, high).
  public double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  /// Uniform in 0..bound-1; the bias of the multiply-and-shift is below bound / 2^32.
  public int below(int bound) {
    return (int) ((bits() & 0xffffffffL) * bound >>> 32);
  }

  public boolean chance(double probability) {
    return uniform() < probability;
  }

  /// Standard normal; takes two draws.
  public double normal() {
    int first = bits();
    return Philox.normalCos(first, bits());
  }

  /// Beta(alpha, alpha) by Jöhnk's method where alpha <= 1 and as a ratio of gammas (Marsaglia and
  /// Tsang, 2000) above.
  public double beta(double alpha) {
    if (alpha <= 1) {
      while (true) {
        double x = Math.pow(1 - uniform(), 1 / alpha);
        double y = Math.pow(1 - uniform(), 1 / alpha);
        if (x + y <= 1 && x + y > 0) {
          return x / (x + y);
        }
      }
    }
    double x = gamma(alpha);
    return x / (x + gamma(alpha));
  }

  private double gamma(double alpha) {
    double d = alpha - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}
