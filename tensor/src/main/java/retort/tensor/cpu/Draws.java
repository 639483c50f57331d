package retort.tensor.cpu;

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
          Words words = new Words(draws);
          for (int i = from, n; i < to; i += n) {
            n = words.draw(i, to);
            // The upper 24 bits, which a float holds exactly: 1 is never reached.
            for (int j = 0; j < n; j++) out[y.at() + i + j] = (words.word[j] >>> 8) * 0x1p-24f;
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
          Words words = new Words(draws);
          for (int i = from, n; i < to; i += n) {
            n = words.draw(i, to);
            for (int j = 0; j + 1 < n; j += 2) {
              Normals.pair(words.word[j], words.word[j + 1], out, y.at() + i + j);
            }
            if (n % 2 == 1) {
              float[] pair = new float[2];
              Normals.pair(words.word[n - 1], words.word[n], pair, 0);
              out[y.at() + i + n - 1] = pair[0];
            }
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
          Words words = new Words(draws);
          try (Into into = Into.of(y)) {
            into.fill(
                from,
                to,
                (out, at, first, count) -> {
                  for (int i = 0, n; i < count; i += n) {
                    n = words.draw(first + i, first + count);
                    for (int j = 0; j < n; j++) {
                      boolean keep = (words.word[j] & 0xffffffffL) >= threshold;
                      out[at + i + j] = keep ? in[x.at() + first + i + j] * scale : 0;
                    }
                  }
                });
          }
        });
  }
}
