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
          for (int i = from; i < to; i += Words.COUNT) {
            words.draw(i >> 2);
            int n = Math.min(Words.COUNT, to - i);
            // The upper 24 bits, which a float holds exactly: 1 is never reached.
            for (int j = 0; j < n; j++) {
              out[y.at() + i + j] = (words.word[j & 3][j >> 2] >>> 8) * 0x1p-24f;
            }
          }
        });
  }

  @Override
  default void normal(Philox draws, Span y) {
    float[] out = (float[]) y.array();
    Parts.numbers(
        workers(),
        y.size(),
        (from, to) -> {
          Words words = Words.of(draws);
          float[][] normal = new float[4][Words.BLOCKS];
          for (int i = from; i < to; i += Words.COUNT) {
            words.draw(i >> 2);
            NORMALS.pairs(words.word[0], words.word[1], normal[0], normal[1], 0, Words.BLOCKS);
            NORMALS.pairs(words.word[2], words.word[3], normal[2], normal[3], 0, Words.BLOCKS);
            int n = Math.min(Words.COUNT, to - i);
            for (int j = 0; j < n; j++) out[y.at() + i + j] = normal[j & 3][j >> 2];
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
          try (Into into = Into.of(y)) {
            for (int start = from; start < to; start += Words.COUNT) {
              words.draw(start >> 2);
              int end = Math.min(to, start + Words.COUNT);
              into.fill(
                  start,
                  end,
                  (out, at, i, n) -> {
                    for (int j = 0; j < n; j++) {
                      boolean keep = (words.word[j & 3][j >> 2] & 0xffffffffL) >= threshold;
                      out[at + j] = keep ? in[x.at() + i + j] * scale : 0;
                    }
                  });
            }
          }
        });
  }
}
