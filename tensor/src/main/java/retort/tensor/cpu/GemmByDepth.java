package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.DEPTH;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// A product cut along its sum: each part multiplies its own rows of b by its own columns of a into
/// a partial result, and the partial results are added up in the order of the parts.
record GemmByDepth(Gemm g, int cuts) {

  void run(Workers team) {
    int size = g.m() * g.n();
    float[] sums = Scratch.take(cuts * size);
    team.run(cuts, part -> part(part, sums, Scratch.ALIGN + part * size));
    team.run(Math.clamp(g.m(), 1, 1 + size * cuts / (1 << 16)), part -> addUp(part, size, sums));
    Scratch.give(sums);
  }

  private void part(int part, float[] sums, int at) {
    int k = g.k(), end = (int) ((long) k * (part + 1) / cuts);
    int first = (int) ((long) k * part / cuts), depth = depth();
    Panels packing = Panels.inOrder(g.b(), g.n());
    float[] panels = Scratch.take(packing.size(depth));
    float[] strip = Scratch.take(ROWS * (DEPTH + COLUMNS));
    for (int k0 = first; k0 < end; k0 += depth) {
      int now = Math.min(depth, end - k0);
      packing.pack(k0, now, 0, packing.count(), panels, Scratch.ALIGN);
      Landing c = Landing.dense(sums, at, false, g.n());
      g.block(0, g.m(), 0, g.n(), k0, now, panels, Scratch.ALIGN, strip, c, k0 > first);
    }
    Scratch.give(strip);
    Scratch.give(panels);
  }

  /// Rows of b packed at a time: half a MiB of panels.
  private int depth() {
    return Math.clamp((1 << 17) / g.n(), 64, DEPTH);
  }

  private void addUp(int part, int size, float[] sums) {
    int parts = Math.clamp(g.m(), 1, 1 + size * cuts / (1 << 16));
    int first = g.m() * part / parts, end = g.m() * (part + 1) / parts;
    for (int i = first; i < end; i++) {
      int to = g.c().place(i), n = g.n();
      float[] c = g.c().c();
      for (int s = 0; s < cuts; s++) {
        int from = Scratch.ALIGN + s * size + i * n;
        if (s == 0 && !g.c().adds()) System.arraycopy(sums, from, c, to, n);
        else for (int j = 0; j < n; j++) c[to + j] += sums[from + j];
      }
    }
  }
}
