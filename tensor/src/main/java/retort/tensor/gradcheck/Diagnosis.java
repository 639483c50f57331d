package retort.tensor.gradcheck;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Names the likely cause of a wrong Jacobian by looking for the trace that each usual mistake
/// leaves: a constant ratio, a permutation, zeros where there should be none, a difference of rank
/// one. The first pattern that explains every entry wins; each is a single pass over the entries.
record Diagnosis(Cause cause, String evidence) {
  static Diagnosis of(Block block, List<Block> all, Subject subject) {
    var pattern = new Pattern(block, subject.tolerance());
    if (pattern.matches(e -> 0)) {
      return new Diagnosis(Cause.ZERO, "every entry is 0");
    }
    Diagnosis found = ratio(pattern, all);
    found = found != null ? found : swapped(pattern, all);
    found = found != null ? found : transposed(pattern);
    found = found != null ? found : broadcast(pattern);
    found = found != null ? found : shifted(pattern);
    found = found != null ? found : misplaced(pattern);
    found = found != null ? found : chainFactor(pattern, subject);
    found = found != null ? found : skipped(pattern);
    found = found != null ? found : border(pattern);
    found = found != null ? found : few(pattern);
    found = found != null ? found : detached(pattern);
    found = found != null ? found : meanTerm(pattern);
    return found != null ? found : new Diagnosis(Cause.UNKNOWN, "");
  }

  private static Diagnosis ratio(Pattern p, List<Block> all) {
    int pivot = p.largestNumeric();
    double ratio = p.analytic(pivot) / p.numeric(pivot);
    if (!p.matches(e -> ratio * p.numeric(e))) {
      return null;
    }
    double shown = p.rounded(ratio);
    String evidence = "analytic = %s x numeric in every entry".formatted(text(shown));
    if (shown == -1) {
      return new Diagnosis(Cause.SIGN_FLIPPED, evidence);
    }
    if (Math.abs(shown) == 2 || Math.abs(shown) == 0.5) {
      return new Diagnosis(Cause.FACTOR_TWO, evidence);
    }
    double count = p.rounded(Math.max(Math.abs(ratio), 1 / Math.abs(ratio)));
    String counted = p.count(count, all);
    return counted == null
        ? new Diagnosis(Cause.SCALED, evidence)
        : new Diagnosis(Cause.MISSING_MEAN, evidence + ", and " + text(count) + " is " + counted);
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : "%.6g".formatted(value);
  }

  private static Diagnosis swapped(Pattern p, List<Block> all) {
    for (Block other : all) {
      if (other.input() != p.block().input()
          && other.numeric().length == p.size()
          && p.matches(e -> other.numeric()[e])) {
        return new Diagnosis(Cause.SWAPPED, "it is the numeric gradient of input " + other.input());
      }
    }
    return null;
  }

  private static Diagnosis transposed(Pattern p) {
    int[] shape = p.block().inShape();
    for (int a = 0; a < shape.length; a++) {
      for (int b = a + 1; b < shape.length; b++) {
        int[] order = Pattern.swapAxes(shape, a, b);
        if (p.matches(e -> p.numeric(p.at(p.row(e), order[p.column(e)])))
            || p.matchesBack(e -> p.at(p.row(e), order[p.column(e)]))) {
          return new Diagnosis(Cause.TRANSPOSED, "axes %d and %d are exchanged".formatted(a, b));
        }
      }
    }
    return null;
  }

  /// A gradient taken from one of the repeats has rows (outputs) of zeros, and is right in the
  /// others.
  private static Diagnosis broadcast(Pattern p) {
    if (!p.broadcasts()) {
      return null;
    }
    boolean[] dead = new boolean[p.rows()];
    for (int k = 0; k < dead.length; k++) {
      int row = k;
      boolean zero = IntStream.range(0, p.columns()).allMatch(j -> p.analytic(p.at(row, j)) == 0);
      boolean right = IntStream.range(0, p.columns()).noneMatch(j -> p.wrong(p.at(row, j)));
      if (!zero && !right) {
        return null;
      }
      dead[k] = zero && !right;
    }
    long lost = IntStream.range(0, dead.length).filter(k -> dead[k]).count();
    return new Diagnosis(
        Cause.MISSING_BROADCAST_SUM,
        "%d of %d outputs contribute nothing, and the input repeats along the output"
            .formatted(lost, p.rows()));
  }

  private static Diagnosis shifted(Pattern p) {
    for (boolean output : new boolean[] {false, true}) {
      int[] shape = output ? p.block().outShape() : p.block().inShape();
      for (int axis = 0; axis < shape.length; axis++) {
        for (int by = -1; by <= 1 && shape[axis] > 2; by += 2) {
          int[] from = Pattern.shift(shape, axis, by);
          IntToDoubleFunction expected =
              e -> {
                int source = from[output ? p.row(e) : p.column(e)];
                int at = output ? p.at(source, p.column(e)) : p.at(p.row(e), source);
                return source < 0 ? Double.NaN : p.numeric(at);
              };
          if (p.matches(expected)) {
            return new Diagnosis(
                Cause.OFF_BY_ONE,
                "by %+d along axis %d of the %s".formatted(by, axis, output ? "output" : "input"));
          }
        }
      }
    }
    return null;
  }

  private static Diagnosis misplaced(Pattern p) {
    return p.sameNumbers()
        ? new Diagnosis(Cause.MISPLACED, "the entries are a permutation of the right ones")
        : null;
  }

  private static Diagnosis chainFactor(Pattern p, Subject subject) {
    double[] x = subject.x()[p.block().input()].data();
    double[] y = subject.value().data();
    record Factor(String name, IntToDoubleFunction value) {}
    var factors =
        List.of(
            new Factor("x", e -> x[p.column(e)]),
            new Factor("1/x", e -> 1 / x[p.column(e)]),
            new Factor("y", e -> y[p.row(e)]),
            new Factor("1/y", e -> 1 / y[p.row(e)]),
            new Factor("1/(1 - y)", e -> 1 / (1 - y[p.row(e)])),
            new Factor("1/(1 - y^2)", e -> 1 / (1 - y[p.row(e)] * y[p.row(e)])));
    for (Factor factor : factors) {
      if (p.matches(e -> p.numeric(e) == 0 ? 0 : p.numeric(e) * factor.value().applyAsDouble(e))) {
        return new Diagnosis(
            Cause.CHAIN_FACTOR, "analytic = %s x numeric in every entry".formatted(factor.name()));
      }
    }
    return null;
  }

  private static Diagnosis skipped(Pattern p) {
    boolean square = p.rows() == p.columns();
    return square && p.matches(e -> p.numeric(e) - (p.row(e) == p.column(e) ? 1 : 0))
        ? new Diagnosis(Cause.DETACHED, "exactly the identity is missing: a skip connection?")
        : null;
  }

  private static Diagnosis border(Pattern p) {
    for (boolean output : new boolean[] {false, true}) {
      int[] shape = output ? p.block().outShape() : p.block().inShape();
      for (int axis = 0; axis < shape.length; axis++) {
        int[] place = Pattern.place(shape, axis);
        int last = shape[axis] - 1;
        if (last >= 2
            && p.wrongOnlyWhere(e -> place[output ? p.row(e) : p.column(e)] % last == 0)) {
          return new Diagnosis(
              Cause.BORDER,
              "every wrong entry is at the first or last place of axis %d of the %s"
                  .formatted(axis, output ? "output" : "input"));
        }
      }
    }
    return null;
  }

  private static Diagnosis few(Pattern p) {
    int[] wrong = IntStream.range(0, p.size()).filter(p::wrong).toArray();
    boolean single = IntStream.of(wrong).map(p::column).distinct().count() == 1 && p.columns() > 2;
    return single || wrong.length * 20 <= p.size()
        ? new Diagnosis(Cause.FEW_ENTRIES, "%d of %d".formatted(wrong.length, p.size()))
        : null;
  }

  private static Diagnosis detached(Pattern p) {
    return IntStream.range(0, p.size()).allMatch(e -> !p.wrong(e) || p.analytic(e) == 0)
        ? new Diagnosis(
            Cause.DETACHED,
            "every wrong entry is 0, the others are right: some outputs don't reach the input")
        : null;
  }

  private static Diagnosis meanTerm(Pattern p) {
    return p.differenceOfRankOne()
        ? new Diagnosis(Cause.MISSING_MEAN_TERM, "analytic - numeric has rank one")
        : null;
  }
}
