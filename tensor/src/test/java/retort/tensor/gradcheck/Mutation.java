package retort.tensor.gradcheck;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// One way to get a backward wrong, what the kit should call it, and the specimens it can be done
/// to.
record Mutation(
    String name, Set<Cause> causes, Predicate<Specimen> applies, UnaryOperator<Differentiable> to) {
  private interface Backward {
    NdArray[] vjp(Differentiable f, NdArray[] x, NdArray dy);
  }

  static List<Mutation> all() {
    return List.of(
        everywhere("sign flipped", Cause.SIGN_FLIPPED, scale(-1)),
        everywhere("factor 2", Cause.FACTOR_TWO, scale(2)),
        everywhere("factor 1/2", Cause.FACTOR_TWO, scale(0.5)),
        everywhere("factor 1.7", Cause.SCALED, scale(1.7)),
        everywhere("missing 1/N", Cause.MISSING_MEAN, Mutation::missingMean),
        everywhere("zero gradient", Cause.ZERO, scale(0)),
        everywhere("one entry wrong", Cause.FEW_ENTRIES, Mutation::oneEntry),
        everywhere("chain factor missing", Cause.CHAIN_FACTOR, Mutation::timesInput),
        everywhere("border dropped", Cause.BORDER, Mutation::border),
        everywhere("off-by-one padding", Cause.OFF_BY_ONE, Mutation::shift),
        where("wrong axis", Cause.MISPLACED, Mutation::hasMatrix, Mutation::reverse),
        where("transposed", Cause.TRANSPOSED, Mutation::hasMatrix, Mutation::transpose),
        where("swapped operands", Cause.SWAPPED, Mutation::hasTwins, Mutation::swap),
        where(
            "missing broadcast sum",
            Cause.MISSING_BROADCAST_SUM,
            Mutation::repeats,
            Mutation::oneSlice),
        where(
            "gradient left unsummed",
            Cause.MISSING_BROADCAST_SUM,
            Mutation::repeats,
            Mutation::unsummed),
        where("detached half", Cause.DETACHED, Mutation::wide, Mutation::detached),
        where(
            "detached skip connection",
            Cause.DETACHED,
            s -> s.name().equals("residual"),
            Mutation::noSkip),
        where(
            "softmax sum forgotten",
            Cause.MISSING_MEAN_TERM,
            s -> s.name().equals("softmax"),
            Mutation::noSum),
        everywhere("cotangent ignored", Cause.NOT_LINEAR, (f, x, dy) -> f.vjp(x, ones(dy))),
        everywhere("cotangent's sign lost", Cause.NOT_LINEAR, Mutation::absolute),
        everywhere("constant added", Cause.NOT_LINEAR, Mutation::plusConstant),
        everywhere("input overwritten", Cause.MUTATES, Mutation::overwrite),
        everywhere("cotangent overwritten", Cause.MUTATES, Mutation::overwriteCotangent),
        everywhere("NaN", Cause.NOT_FINITE, Mutation::nan),
        everywhere("wrong shape", Cause.WRONG_SHAPE, Mutation::flatten),
        whole("stale buffer", Cause.STALE_BUFFER, s -> true, Misbehaviour::accumulating),
        whole("cached input", Cause.STALE_BUFFER, s -> true, Misbehaviour::cached),
        whole("result array reused", Cause.STALE_BUFFER, s -> true, Misbehaviour::reusing),
        whole("noise", Cause.RANDOM, s -> true, Misbehaviour::noisy),
        whole("unwanted gradient", Cause.UNWANTED, s -> true, Misbehaviour::eager),
        whole("last use overwrites", Cause.SHARED_INPUT, Mutation::hasTwins, Misbehaviour::lastUse),
        whole("output aliases input", Cause.ALIASES, Mutation::wide, Misbehaviour::inPlace));
  }

  private static Mutation everywhere(String name, Cause cause, Backward backward) {
    return where(name, cause, s -> true, backward);
  }

  private static Mutation where(
      String name, Cause cause, Predicate<Specimen> applies, Backward backward) {
    return whole(
        name,
        cause,
        applies,
        f ->
            new Misbehaviour(f) {
              @Override
              public NdArray[] vjp(NdArray[] x, NdArray dy) {
                return backward.vjp(f, x, dy);
              }
            });
  }

  private static Mutation whole(
      String name, Cause cause, Predicate<Specimen> applies, UnaryOperator<Differentiable> to) {
    return new Mutation(name, EnumSet.of(cause), applies, to);
  }

  private static NdArray[] draw(Specimen s) {
    return Inputs.parse(s.inputs()).draw(1);
  }

  private static boolean hasMatrix(Specimen s) {
    return draw(s)[0].shape().length == 2;
  }

  /// Twins whose gradients aren't each other's negative, or swapping them is a flipped sign.
  private static boolean hasTwins(Specimen s) {
    NdArray[] x = draw(s);
    return x.length == 2 && x[0].sameShape(x[1]) && !s.name().equals("meanSquare");
  }

  private static boolean repeats(Specimen s) {
    return s.name().equals("biasTanh") || s.name().equals("rowGain");
  }

  private static boolean wide(Specimen s) {
    NdArray[] x = draw(s);
    return x[0].sameShape(s.f().apply(x));
  }

  private static Backward scale(double by) {
    return (f, x, dy) -> {
      NdArray[] dx = f.vjp(x, dy);
      Arrays.setAll(dx[0].data(), j -> by * dx[0].data()[j]);
      return dx;
    };
  }

  private static NdArray[] missingMean(Differentiable f, NdArray[] x, NdArray dy) {
    return scale(x[0].size()).vjp(f, x, dy);
  }

  private static NdArray[] oneEntry(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    // Inside, for an entry at the border is a border case.
    int inside = x[0].shape().length == 2 ? x[0].shape()[1] + 1 : 2;
    dx[0].data()[inside] *= 1.5;
    return dx;
  }

  private static NdArray[] timesInput(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    Arrays.setAll(dx[0].data(), j -> dx[0].data()[j] * x[0].data()[j]);
    return dx;
  }

  private static NdArray[] border(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    int n = x[0].shape()[x[0].shape().length - 1];
    for (int j = 0; j < dx[0].size(); j++) {
      dx[0].data()[j] *= j % n == 0 || j % n == n - 1 ? 0.25 : 1;
    }
    return dx;
  }

  private static NdArray[] shift(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    int n = x[0].shape()[x[0].shape().length - 1];
    double[] right = dx[0].data().clone();
    Arrays.setAll(dx[0].data(), j -> j % n == n - 1 ? 0 : right[j + 1]);
    return dx;
  }

  private static NdArray[] reverse(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    double[] right = dx[0].data().clone();
    Arrays.setAll(dx[0].data(), j -> right[right.length - 1 - j]);
    return dx;
  }

  private static NdArray[] transpose(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    dx[0] = new NdArray(Specimen.transpose(dx[0]).data(), x[0].shape());
    return dx;
  }

  private static NdArray[] swap(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    return new NdArray[] {dx[1], dx[0]};
  }

  /// Only the first of the repeats of input 1 counts: the first row, or the first column.
  private static NdArray[] oneSlice(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray first = dy.copy();
    int n = dy.shape()[1];
    boolean column = x[1].shape().length == 2;
    Arrays.setAll(first.data(), k -> (column ? k % n : k / n) > 0 ? 0 : dy.data()[k]);
    return new NdArray[] {f.vjp(x, dy)[0], f.vjp(x, first)[1]};
  }

  private static NdArray[] unsummed(Differentiable f, NdArray[] x, NdArray dy) {
    return new NdArray[] {f.vjp(x, dy)[0], dy.copy()};
  }

  private static NdArray[] detached(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray half = dy.copy();
    Arrays.fill(half.data(), dy.size() / 3, dy.size(), 0);
    NdArray[] dx = f.vjp(x, dy);
    dx[0] = f.vjp(x, half)[0];
    return dx;
  }

  private static NdArray[] noSkip(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    Arrays.setAll(dx[0].data(), j -> dx[0].data()[j] - dy.data()[j]);
    return dx;
  }

  private static NdArray[] noSum(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray dx = f.apply(x);
    Arrays.setAll(dx.data(), j -> dx.data()[j] * dy.data()[j]);
    return new NdArray[] {dx};
  }

  private static NdArray ones(NdArray dy) {
    NdArray ones = dy.copy();
    Arrays.fill(ones.data(), 1);
    return ones;
  }

  private static NdArray[] absolute(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray positive = dy.copy();
    Arrays.setAll(positive.data(), k -> Math.abs(dy.data()[k]));
    return f.vjp(x, positive);
  }

  private static NdArray[] plusConstant(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    Arrays.setAll(dx[0].data(), j -> dx[0].data()[j] + 1e-7);
    return dx;
  }

  private static NdArray[] overwrite(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    Arrays.fill(x[0].data(), 0);
    return dx;
  }

  private static NdArray[] overwriteCotangent(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    Arrays.fill(dy.data(), 0);
    return dx;
  }

  private static NdArray[] nan(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    dx[0].data()[1] = Double.NaN;
    return dx;
  }

  private static NdArray[] flatten(Differentiable f, NdArray[] x, NdArray dy) {
    NdArray[] dx = f.vjp(x, dy);
    dx[0] = new NdArray(dx[0].data(), 1, dx[0].size());
    return dx;
  }
}
