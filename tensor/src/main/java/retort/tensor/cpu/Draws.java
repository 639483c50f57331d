package retort.tensor.cpu;

import static retort.tensor.cpu.Normals.NORMALS;

import retort.tensor.Kernels;
import retort.tensor.Philox;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Random numbers: draw i of a stream lands at place i. Parts begin at whole blocks of the
/// generator, so each thread fills its own.
interface Draws extends Kernels {
  Workers workers();

  @Override
  default void uniform(Philox draws, Span y) {
    float[] out = (float[]) y.array();
    Parts.numbers(
        workers(),
        y.size(),
        (from, to) -> {
          Words words = Words.of(draws);
          float[][] rows = new float[4][Words.BLOCKS];
          for (int i = from; i < to; i += Words.COUNT) {
            words.draw(i >> 2);
            for (int j = 0; j < 4; j++) unit(words.word[j], rows[j]);
            interleave(rows, out, y.at() + i, Math.min(Words.COUNT, to - i));
          }
        });
  }

  /// The upper 24 bits, which a float holds exactly: 1 is never reached.
  private static void unit(int[] word, float[] u) {
    for (int i = 0; i < Words.BLOCKS; i++) u[i] = (word[i] >>> 8) * 0x1p-24f;
  }

  /// Puts the numbers of four rows, a block of the generator a column, in the order of the draws.
  private static void interleave(float[][] rows, float[] y, int at, int n) {
    float[] a = rows[0], b = rows[1], c = rows[2], d = rows[3];
    int i = 0;
    for (; 4 * i + 3 < n; i++) {
      y[at + 4 * i] = a[i];
      y[at + 4 * i + 1] = b[i];
      y[at + 4 * i + 2] = c[i];
      y[at + 4 * i + 3] = d[i];
    }
    for (int j = 4 * i; j < n; j++) y[at + j] = rows[j & 3][i];
  }

  @Override
  default void normal(Philox draws, Span y) {
    float[] out = (float[]) y.array();
    Parts.numbers(
        workers(),
        y.size(),
        (from, to) -> {
          Words words = Words.of(draws);
          float[][] rows = new float[4][Words.BLOCKS];
          for (int i = from; i < to; i += Words.COUNT) {
            words.draw(i >> 2);
            NORMALS.pairs(words.word[0], words.word[1], rows[0], rows[1]);
            NORMALS.pairs(words.word[2], words.word[3], rows[2], rows[3]);
            interleave(rows, out, y.at() + i, Math.min(Words.COUNT, to - i));
          }
        });
  }

  @Override
  default void dropout(double p, Philox draws, Span x, Slot y) {
    if (y == null) return;
    long threshold = (long) Math.ceil(p * 0x1p32); // a word below it is dropped
    float scale = (float) (1 / (1 - p));
    float[] in = (float[]) x.array();
    Parts.numbers(
        workers(),
        x.size(),
        (from, to) -> {
          Words words = Words.of(draws);
          float[][] rows = new float[4][Words.BLOCKS];
          float[] kept = new float[Words.COUNT];
          try (Into into = Into.of(y)) {
            for (int start = from; start < to; start += Words.COUNT) {
              int end = Math.min(to, start + Words.COUNT);
              words.draw(start >> 2);
              for (int j = 0; j < 4; j++) keep(words.word[j], threshold, scale, rows[j]);
              interleave(rows, kept, 0, end - start);
              into.fill(
                  start,
                  end,
                  (out, at, i, n) -> {
                    for (int j = 0; j < n; j++) {
                      // A choice, not a product: what is dropped may be infinite.
                      out[at + j] = kept[j] == 0 ? 0 : in[x.at() + i + j] * kept[j];
                    }
                  });
            }
          }
        });
  }

  private static void keep(int[] word, long threshold, float scale, float[] kept) {
    for (int i = 0; i < Words.BLOCKS; i++) {
      kept[i] = (word[i] & 0xffffffffL) >= threshold ? scale : 0;
    }
  }
}
