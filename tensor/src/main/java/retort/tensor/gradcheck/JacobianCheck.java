package retort.tensor.gradcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Compares every entry of the Jacobian. Where the slope can't be trusted the gradient must lie
/// between the one-sided slopes; then those coordinates move a little and all is compared anew,
/// until none sits on a kink. A function that keeps more than `maxKinks` of them fails.
final class JacobianCheck {
  /// Beyond this the check takes minutes; `Mode.DIRECTION` takes milliseconds.
  private static final long MOST_ENTRIES = 4_000_000;

  private static final int RESAMPLES = 5;

  private static final int SHOWN = 5;

  private JacobianCheck() {}

  static void run(Subject subject, Findings findings) {
    long entries = (long) subject.coordinates() * subject.value().size();
    if (entries > MOST_ENTRIES) {
      findings.add(
          Cause.NOT_CHECKED,
          "the Jacobian has %,d entries, more than %,d; use fastMode(true) or a smaller shape",
          entries,
          MOST_ENTRIES);
      return;
    }
    var random = new SplittableRandom(subject.seed());
    Subject at = subject;
    for (int attempt = 0; ; attempt++) {
      Subject point = at;
      List<Block> blocks = blocks(point);
      List<Block> failing =
          blocks.stream().filter(b -> !b.wrongEntries(point.tolerance()).isEmpty()).toList();
      tally(blocks, point, findings);
      if (!failing.isEmpty()) {
        failing.forEach(block -> findings.failures.add(failure(block, blocks, point)));
        return;
      }
      NdArray[] moved = NdArray.copies(at.x());
      int rough = nudge(blocks, moved, random);
      findings.kinks = Math.max(findings.kinks, rough);
      if (rough == 0) {
        return;
      }
      if (!new TieCheck(point, blocks, findings).passes()) {
        return;
      }
      if (attempt == RESAMPLES) {
        bound(rough, at, findings);
        return;
      }
      at = at.at(moved);
    }
  }

  private static List<Block> blocks(Subject subject) {
    NdArray y = subject.value();
    var blocks = new ArrayList<Block>();
    for (int i : subject.wantedInputs()) {
      Block block = Block.empty(i, subject.x()[i], y);
      for (int j = 0; j < block.columns(); j++) {
        block.column(j, subject.alongCoordinate(i, j, y));
      }
      blocks.add(block);
    }
    for (int k = 0; k < y.size(); k++) {
      NdArray oneHot = NdArray.zeros(y.shape());
      oneHot.data()[k] = 1;
      NdArray[] dx = subject.gradient(oneHot);
      for (Block block : blocks) {
        double[] row = dx[block.input()].data();
        System.arraycopy(row, 0, block.analytic(), k * block.columns(), block.columns());
      }
    }
    return blocks;
  }

  private static void tally(List<Block> blocks, Subject subject, Findings findings) {
    for (Block block : blocks) {
      double floor = Math.max(1e-3 * block.scale(), subject.tolerance().atol());
      for (int e = 0; e < block.numeric().length; e++) {
        if (!block.rough()[e]) {
          findings.compared(block.analytic()[e], block.numeric()[e], block.estimate()[e], floor);
        }
      }
    }
  }

  private static Failure failure(Block block, List<Block> blocks, Subject subject) {
    List<Integer> wrong = block.wrongEntries(subject.tolerance());
    String what =
        "input %d, shape %s: %d of %d Jacobian entries are wrong"
            .formatted(
                block.input(),
                Arrays.toString(block.inShape()),
                wrong.size(),
                block.numeric().length);
    Diagnosis diagnosis =
        block.wrongOnKinksOnly(wrong)
            ? new Diagnosis(Cause.NOT_SUBGRADIENT, "")
            : Diagnosis.of(block, blocks, subject);
    return new Failure(diagnosis.cause(), what, block.worst(wrong, SHOWN), diagnosis.evidence());
  }

  private static int nudge(List<Block> blocks, NdArray[] x, SplittableRandom random) {
    int rough = 0;
    for (Block block : blocks) {
      double[] data = x[block.input()].data();
      for (int j = 0; j < data.length; j++) {
        if (block.roughColumn(j)) {
          data[j] = Subject.nudge(data[j], random);
          rough++;
        }
      }
    }
    return rough;
  }

  private static void bound(int rough, Subject subject, Findings findings) {
    double most = subject.tolerance().maxKinks() * subject.coordinates();
    if (rough > most) {
      findings.add(
          Cause.TOO_MANY_KINKS,
          "%d of %d input coordinates have no reliable slope, even after moving them %d times; at"
              + " most %.0f may",
          rough,
          subject.coordinates(),
          RESAMPLES,
          most);
    }
  }
}
