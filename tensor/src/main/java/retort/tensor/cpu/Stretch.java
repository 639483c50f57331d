package retort.tensor.cpu;

import java.util.Arrays;
import retort.tensor.Span;

/// An operand of a broadcast as its loop sees it: always dense. What lies dense in memory is handed
/// out as it is; what repeats is stretched, a block at a time, in working memory that stays in L1.
/// So there is one loop a function, not one for each way in which shapes meet.
final class Stretch extends Source {
  private final float[] source;
  private final int at;
  private final Strides strides;
  private final float[] block;

  private Stretch(Span s, Strides strides) {
    source = s == null ? null : (float[]) s.array();
    at = s == null ? 0 : s.at();
    this.strides = strides;
    block = s == null || strides.isDense() ? null : Scratch.take(Into.BLOCK);
  }

  /// A null span stays null: its loop doesn't read it.
  static Stretch of(Span s, Strides strides) {
    return new Stretch(s, strides);
  }

  @Override
  void reach(int i, int n) {
    array = source;
    if (source == null) return;
    int inner = strides.lastDim(), within = i % inner;
    if (strides.lastStride() == 1 && within + n <= inner) {
      place = at + strides.place(i);
      return;
    }
    array = block;
    place = Scratch.ALIGN;
    int done = 0;
    // A row that repeats is copied once, then what is there is doubled.
    boolean row = strides.rank() == 2 && strides.strides()[0] == 0 && strides.lastStride() == 1;
    int piecewise = row ? Math.min(n, inner) : n;
    while (done < piecewise) {
      within = (i + done) % inner;
      int run = Math.min(piecewise - done, inner - within), from = at + strides.place(i + done);
      int to = Scratch.ALIGN + done;
      if (strides.lastStride() == 1) System.arraycopy(source, from, block, to, run);
      else Arrays.fill(block, to, to + run, source[from]);
      done += run;
    }
    while (done < n) {
      int run = Math.min(done, n - done);
      System.arraycopy(block, Scratch.ALIGN, block, Scratch.ALIGN + done, run);
      done += run;
    }
  }

  @Override
  public void close() {
    if (block != null) Scratch.give(block);
  }
}
