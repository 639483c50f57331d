package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.DEPTH;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// A product cut along its sum: each part multiplies its own rows of b by its own columns of a into
/// a partial result.
record GemmByDepth(Gemm g, int cuts) {

  void run(Workers team) {
    PartialSums sums = PartialSums.take(cuts, g.m(), g.n());
    team.run(cuts, part -> part(part, sums));
    sums.land(team, g.c());
  }

  private void part(int part, PartialSums sums) {
    int k = g.k(), end = (int) ((long) k * (part + 1) / cuts);
    int first = (int) ((long) k * part / cuts), depth = depth();
    Panels packing = Panels.inOrder(g.b(), g.n());
    float[] panels = Scratch.take(packing.size(depth));
    float[] strip = Scratch.take(ROWS * (DEPTH + COLUMNS));
    Landing c = Landing.dense(sums.sums(), sums.at(part), false, g.n());
    for (int k0 = first; k0 < end; k0 += depth) {
      int now = Math.min(depth, end - k0);
      packing.pack(k0, now, 0, packing.count(), panels, Scratch.ALIGN);
      g.block(0, g.m(), 0, g.n(), k0, now, panels, Scratch.ALIGN, strip, c, k0 > first);
    }
    Scratch.give(strip);
    Scratch.give(panels);
  }

  /// Rows of b packed at a time: half a MiB of panels.
  private int depth() {
    return Math.clamp((1 << 17) / g.n(), 64, DEPTH);
  }
}
