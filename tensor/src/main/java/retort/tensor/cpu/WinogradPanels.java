package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// [Winograd] where the transformed weights are too many for the second-level cache: a part of the
/// work is a panel of outputs, not some of the blocks.
///
/// The team transforms the blocks of the images and packs them in strips, by columns. Then each
/// part transforms the weights of its panel, and keeps them near while the blocks stream by: only
/// raw weights, a quarter as many, come from memory.
record WinogradPanels(Winograd whole, int most, int fitting) {
  /// Strips of blocks at a time, of whose products a panel's stay in the second-level cache: 0.5
  /// MiB, beside 1.1 MiB of its weights if there are 256 channels.
  private static final int STRIPS = 12;

  /// Numbers of transformed blocks at a time: 16 MiB, to be found in the third-level cache. Each
  /// time transforms the weights anew.
  private static final int BLOCKS = 1 << 22;

  static WinogradPanels of(Winograd whole) {
    return new WinogradPanels(whole, STRIPS, BLOCKS);
  }

  void run(Workers team) {
    Gemm g = whole.g();
    Patches p = whole.p();
    WinogradBlocks blocks = WinogradBlocks.of(p, 6);
    int all = g.m() / (p.rows() * p.columns()) * blocks.count();
    int times = Gemm.ceil(all, Math.max(most * ROWS, fitting / (36 * p.channels())));
    for (int i = 0; i < times; i++) {
      int first = (int) ((long) all * i / times), end = (int) ((long) all * (i + 1) / times);
      new Some(blocks, first, end - first).run(team);
    }
  }

  /// What follows from some of the blocks.
  private final class Some {
    final WinogradBlocks blocks;
    final int first, count;
    final Gemm g = whole.g();
    final int channels = whole.p().channels(), strips;

    /// Numbers from a strip to the next, with room for the last vector that turning one writes, and
    /// from a plane to the next, as [Winograd#plane] has it.
    final int strip = ROWS * channels + LANES, vPlane;

    final float[] v;

    Some(WinogradBlocks blocks, int first, int count) {
      this.blocks = blocks;
      this.first = first;
      this.count = count;
      strips = Gemm.ceil(count, ROWS);
      vPlane = Winograd.plane(strips, strip);
      v = Scratch.take(36 * vPlane);
    }

    void run(Workers team) {
      team.run(strips, this::transform);
      team.run(Gemm.ceil(g.n(), COLUMNS), this::panel);
      Scratch.give(v);
    }

    /// The first block of a strip, counted from the first of all.
    int row(int strip) {
      return count * strip / strips;
    }

    void transform(int s) {
      int row = row(s), rows = row(s + 1) - row, plane = Winograd.plane(ROWS, channels);
      float[] near = Scratch.take(36 * plane);
      blocks.transform(WinogradTile.Matrix.IMAGE, first + row, rows, near, plane, 0);
      for (int xi = 0; xi < 36; xi++) {
        int from = Scratch.ALIGN + xi * plane, to = Scratch.ALIGN + xi * vPlane + s * strip;
        Strips.turn(rows, channels, near, from, channels, v, to, ROWS);
      }
      Scratch.give(near);
    }

    void panel(int panel) {
      int columns = Math.min(COLUMNS, g.n() - panel * COLUMNS);
      int times = Gemm.ceil(strips, most);
      int mPlane = Winograd.plane(Gemm.ceil(strips, times) * ROWS, columns);
      float[] weights = weights(panel, columns), m = Scratch.take(36 * mPlane);
      for (int i = 0; i < times; i++) {
        int s = strips * i / times, end = strips * (i + 1) / times;
        multiply(s, end, weights, columns, m, mPlane);
        int row = row(s), rows = row(end) - row;
        whole.result(blocks, m, mPlane, first + row, rows, panel * COLUMNS, columns);
      }
      Scratch.give(m);
      Scratch.give(weights);
    }

    /// The transformed weights of a panel, in planes `[channels, columns]`.
    float[] weights(int panel, int columns) {
      int tap = channels * columns;
      float[] packed = Scratch.take(9 * tap);
      float[] weights = Scratch.take(36 * Winograd.plane(channels, columns));
      Panels packing = Panels.inOrder(g.b(), g.n());
      for (int q = 0; q < 9; q++) {
        int start = Scratch.ALIGN + q * tap - panel * COLUMNS * channels;
        packing.pack(q * channels, channels, panel, panel + 1, packed, start);
      }
      Winograd.transform(packed, Scratch.ALIGN, channels, columns, weights, Scratch.ALIGN);
      Scratch.give(packed);
      return weights;
    }

    /// The 36 products of strips s to `end`.
    void multiply(int s, int end, float[] weights, int columns, float[] m, int mPlane) {
      int plane = Winograd.plane(channels, columns), top = row(s);
      for (int xi = 0; xi < 36; xi++) {
        int from = Scratch.ALIGN + xi * vPlane, weight = Scratch.ALIGN + xi * plane;
        int to = Scratch.ALIGN + xi * mPlane;
        for (int i = s; i < end; i++) {
          int row = row(i), rows = row(i + 1) - row, place = to + (row - top) * columns;
          GemmTiles.product(rows, columns / LANES, 1)
              .run(channels, v, from + i * strip, 0, weights, weight, 0, m, place, columns, false);
        }
      }
    }
  }
}
