package retort.gendd.diffusion;

import java.util.TreeSet;
import java.util.stream.IntStream;

/// Which of the training steps a sampler visits: `"64"` for 64 of them evenly from 0 to the start,
/// ends included, or `"ddim50"` for 50 at one whole stride from 0 ("Denoising diffusion implicit
/// models", arXiv 2010.02502, appendix D).
///
/// One step alone keeps the start, the noisiest. (The usual formula would keep step 0, where the
/// network expects an almost clean token and pure noise tells it nothing.)
public record Spacing(String text) {
  private static final String STRIDED = "ddim";

  public Spacing {
    if (!text.matches("(ddim)?[1-9][0-9]{0,5}")) {
      throw new IllegalArgumentException(
          "a spacing is a number of steps such as 64, or ddim and a number such as ddim50; got '"
              + text
              + "'");
    }
  }

  private boolean strided() {
    return text.startsWith(STRIDED);
  }

  /// How many steps were asked for.
  public int steps() {
    return Integer.parseInt(strided() ? text.substring(STRIDED.length()) : text);
  }

  /// The visited steps in rising order, of those from 0 to `start`.
  public int[] timesteps(int start) {
    int n = steps();
    if (n > start + 1) {
      throw new IllegalArgumentException(
          "spacing " + text + ": only " + (start + 1) + " steps lie from 0 to the start " + start);
    }
    if (n == 1) return new int[] {start};
    return strided() ? byStride(start + 1, n) : evenly(start, n);
  }

  private static int[] evenly(int start, int n) {
    double stride = (double) start / (n - 1), at = 0;
    TreeSet<Integer> kept = new TreeSet<>();
    for (int i = 0; i < n; i++, at += stride) kept.add((int) Math.rint(at));
    return kept.stream().mapToInt(Integer::intValue).toArray();
  }

  private int[] byStride(int total, int n) {
    for (int stride = 1; stride < total; stride++) {
      if ((total + stride - 1) / stride == n) {
        int s = stride;
        return IntStream.range(0, n).map(i -> i * s).toArray();
      }
    }
    throw new IllegalArgumentException(
        "spacing " + text + ": no whole stride cuts " + total + " steps into exactly " + n);
  }
}
