package lstm;

import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import retort.tensor.gradcheck.Differentiable;
import retort.tensor.gradcheck.GradientReport;

/// Checks both cells; ends with an error unless the right one passes and the broken one doesn't.
public class CheckLstm {
  public static void main(String[] args) {
    GradientReport right = check("LstmCell", new LstmCell());
    GradientReport broken = check("BrokenLstmCell", new BrokenLstmCell());
    System.out.println(right);
    System.out.println(broken);
    if (!right.passed() || broken.passed()) {
      throw new AssertionError("the check did not tell the cells apart");
    }
  }

  /// x [3], h [2], c [2], W [4 * 2, 3 + 2], b [4 * 2]
  private static GradientReport check(String name, LstmCell cell) {
    Differentiable step =
        Differentiable.flat(
            v -> cell.forward(v[0], v[1], v[2], v[3], v[4]),
            (v, dout) -> cell.backward(v[0], v[1], v[2], v[3], v[4], dout));
    return assertThatGradient(step).named(name).at("3, 2, 2, 8x5, 8").check();
  }
}
