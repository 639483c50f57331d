package retort.tensor.cpu;

import retort.tensor.Slot;

/// A slot as the loops see it: they only ever write. What is to be added is written to a block of
/// working memory first, which stays in L1, and added from there. For one thread at a time.
final class Into implements AutoCloseable {
  /// Numbers a block: 8 KiB, so that a block of each of a loop's operands fits L1.
  static final int BLOCK = 2048;

  private final float[] a;
  private final int at;
  private final float[] block;

  private Into(Slot slot) {
    a = (float[]) slot.span().array();
    at = slot.span().at();
    block = slot.adds() ? Scratch.take(BLOCK) : null;
  }

  /// Null for nobody's slot.
  static Into of(Slot slot) {
    return slot == null ? null : new Into(slot);
  }

  /// Writes the n numbers of a slot from place i on into y, from place `at` on.
  interface Writer {
    void write(float[] y, int at, int i, int n);
  }

  /// Fills the slot from one place up to, and without, another.
  void fill(int from, int to, Writer writer) {
    if (block == null) {
      writer.write(a, at + from, from, to - from);
      return;
    }
    for (int i = from; i < to; i += BLOCK) {
      int n = Math.min(BLOCK, to - i);
      writer.write(block, Scratch.ALIGN, i, n);
      Runs.RUNS.add(block, Scratch.ALIGN, a, at + i, n);
    }
  }

  @Override
  public void close() {
    if (block != null) Scratch.give(block);
  }
}
