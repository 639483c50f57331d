package retort.tensor.cpu;

import retort.tensor.Binary;
import retort.tensor.Span;

/// The gradient of one operand of f(a, b) over the whole broadcast, before it is summed back to the
/// operand's own extent: dy times the slope.
final class Slopes extends Source {
  /// Which operand's.
  enum Of {
    A,
    B
  }

  private final Binary f;
  private final Of of;
  private final Stretch a;
  private final Stretch b;
  private final Span dy;
  private final float[] block = Scratch.take(Into.BLOCK);

  Slopes(Binary f, Of of, Stretch a, Stretch b, Span dy) {
    this.f = f;
    this.of = of;
    this.a = a;
    this.b = b;
    this.dy = dy;
    array = block;
    place = Scratch.ALIGN;
  }

  @Override
  void reach(int i, int n) {
    write(block, Scratch.ALIGN, i, n);
  }

  /// Writes n numbers, from number i on, into y.
  void write(float[] y, int at, int i, int n) {
    a.reach(i, n);
    b.reach(i, n);
    float[] d = (float[]) dy.array();
    switch (of) {
      case A -> Pairs.slopeA(f, a.array, a.place, b.array, b.place, d, dy.at() + i, y, at, n);
      case B -> Pairs.slopeB(f, a.array, a.place, b.array, b.place, d, dy.at() + i, y, at, n);
    }
  }

  @Override
  public void close() {
    a.close();
    b.close();
    Scratch.give(block);
  }
}
