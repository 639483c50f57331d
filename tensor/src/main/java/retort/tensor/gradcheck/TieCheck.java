package retort.tensor.gradcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Coordinates that are tied, such as two equal maxima, are moved together. Each gradient alone may
/// lie between its one-sided slopes while their sum doesn't: a maximum that sends its gradient to
/// both. Coordinates whose kinks have nothing to do with each other, such as two zeros of a relu,
/// say nothing together that they don't say alone, and are passed over.
record TieCheck(Subject subject, List<Block> blocks, Findings findings) {
  /// Each output with ties costs four forwards; the first few outputs show a mistake in the rule.
  private static final int MOST_OUTPUTS = 16;

  private record Coordinate(Block block, int j) {
    @Override
    public String toString() {
      return "in" + block.input() + NdArray.index(j, block.inShape());
    }
  }

  boolean passes() {
    NdArray y = subject.value();
    int checked = 0;
    for (int k = 0; k < y.size() && checked < MOST_OUTPUTS; k++) {
      List<Coordinate> tied = tied(k);
      if (tied.size() > 1) {
        checked++;
        if (!agrees(k, tied, y)) {
          return false;
        }
      }
    }
    return true;
  }

  private List<Coordinate> tied(int k) {
    var tied = new ArrayList<Coordinate>();
    for (Block block : blocks) {
      for (int j = 0; j < block.columns(); j++) {
        int e = k * block.columns() + j;
        if (block.rough()[e] && !Double.isNaN(block.left()[e] + block.right()[e])) {
          tied.add(new Coordinate(block, j));
        }
      }
    }
    return tied;
  }

  private boolean agrees(int k, List<Coordinate> tied, NdArray y) {
    NdArray[] v = NdArray.copies(subject.x());
    for (NdArray direction : v) {
      Arrays.fill(direction.data(), 0);
    }
    double analytic = 0;
    double left = 0;
    double right = 0;
    for (Coordinate c : tied) {
      int e = k * c.block().columns() + c.j();
      v[c.block().input()].data()[c.j()] = 1;
      analytic += c.block().analytic()[e];
      left += c.block().left()[e];
      right += c.block().right()[e];
    }
    Slopes together = subject.alongDirection(v, y);
    double low = Math.min(together.left[k], together.right[k]);
    double high = Math.max(together.left[k], together.right[k]);
    double slack = 2 * subject.tolerance().allowed(Math.abs(left) + Math.abs(right));
    boolean apart =
        Math.abs(together.left[k] - left) <= slack && Math.abs(together.right[k] - right) <= slack;
    // A slope that hasn't settled is NaN, and bounds nothing.
    boolean outside = analytic < low - slack || analytic > high + slack;
    if (!apart && outside) {
      findings.add(
          Cause.NOT_SUBGRADIENT,
          "output %s: moving the tied %s together has slopes %.5g and %.5g, but their gradients add"
              + " up to %.5g",
          NdArray.index(k, y.shape()),
          tied.stream().limit(4).map(Coordinate::toString).collect(Collectors.joining(", ")),
          together.left[k],
          together.right[k],
          analytic);
      return false;
    }
    return true;
  }
}
