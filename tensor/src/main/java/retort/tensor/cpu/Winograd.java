package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// A 3x3 convolution of stride 1 by Winograd's minimal filtering, F(4x4, 3x3): 36 products of
/// transformed 6x6 blocks of the image with transformed weights give 4x4 blocks of the result, a
/// quarter of the multiplications (Lavin and Gray, "Fast algorithms for convolutional neural
/// networks", arXiv 1509.09308).
///
/// The transforms add and subtract numbers of unlike size, which costs a decimal digit: the largest
/// error is about 4e-5 of the result's root mean square instead of 4e-6. `-Dretort.exact=true`
/// switches it off.
record Winograd(Gemm g, Patches p) {
  /// Fewer channels than this, and the transforms take as long as they save.
  private static final int CHANNELS = 16;

  /// Numbers of transformed blocks that a part works on: 240 KiB, so that they stay in the
  /// second-level cache from one step to the next, and their planes in few pages.
  private static final int BLOCKS = 60_000;

  /// Transformed weights from which on, at 8 MiB, it costs more to read them once a part than to
  /// read blocks once a panel of outputs.
  private static final int WEIGHTS = 1 << 21;

  private static final boolean EXACT = Boolean.getBoolean("retort.exact");

  static boolean suits(Gemm g, Patches p) {
    boolean dense = g.c().pitch() == g.n() && g.c().run() == Integer.MAX_VALUE;
    return dense && suits(p, g.n());
  }

  /// Whether blocks suit an image of these windows and as many outputs.
  static boolean suits(Patches p, int outputs) {
    boolean wide = p.channels() >= CHANNELS && outputs >= CHANNELS;
    boolean whole = p.channels() % LANES == 0 && outputs % LANES == 0;
    int covered = WinogradBlocks.of(p, 6).count() * 16; // pixels, those beyond the edges too
    return !EXACT
        && wide
        && whole
        && p.kh() == 3
        && p.kw() == 3
        && p.step() == 1
        && p.pitch() == p.channels()
        && 2 * p.rows() * p.columns() > covered;
  }

  void run(Workers team) {
    putBias(team);
    if (36L * p.channels() * g.n() >= WEIGHTS) WinogradPanels.of(this).run(team);
    else byBlocks(team);
  }

  void putBias(Workers team) {
    if (g.bias() == null) return;
    int rows = p.rows() * p.columns();
    team.run(g.m() / rows, i -> g.putBias(i * rows, (i + 1) * rows, 0, g.n()));
  }

  private void byBlocks(Workers team) {
    int channels = p.channels(), outputs = g.n();
    float[] weights = weights(team);
    WinogradBlocks blocks = WinogradBlocks.of(p, 6);
    int all = g.m() / (p.rows() * p.columns()) * blocks.count(), each = each(all);
    team.run(
        Gemm.ceil(all, each),
        part -> {
          int first = part * each, count = Math.min(each, all - first);
          int vPlane = plane(each, channels), mPlane = plane(each, outputs);
          float[] v = Scratch.take(36 * vPlane), m = Scratch.take(36 * mPlane);
          blocks.transform(WinogradTile.Matrix.IMAGE, first, count, v, vPlane, 0);
          multiply(v, vPlane, weights, m, mPlane, count);
          result(blocks, m, mPlane, first, count, 0, outputs);
          Scratch.give(m);
          Scratch.give(v);
        });
    Scratch.give(weights);
  }

  /// Blocks a part: whole strips of rows of the products.
  private int each(int all) {
    int fitting = BLOCKS / (36 * (p.channels() + g.n())), shared = all / 16;
    return Gemm.roundUp(Math.clamp(Math.min(fitting, shared), 2 * ROWS, 12 * ROWS), ROWS);
  }

  /// Numbers from one of the 36 planes to the next: a line of the cache more than they hold, for
  /// planes a power of two apart compete for the same few places of it.
  static int plane(int blocks, int channels) {
    return blocks * channels + 16;
  }

  /// The transformed weights, in the panels of each plane.
  private float[] weights(Workers team) {
    int channels = p.channels();
    Panels packing = Panels.inOrder(g.b(), g.n());
    float[] packed = Scratch.take(packing.size(g.k()));
    float[] weights = Scratch.take(packing.count() * 36 * plane(channels, COLUMNS));
    team.run(
        packing.count(),
        i -> {
          packing.pack(0, g.k(), i, i + 1, packed, Scratch.ALIGN);
          int from = Scratch.ALIGN + i * COLUMNS * g.k();
          transform(packed, from, channels, packing.columns(i), weights, panel(i));
        });
    Scratch.give(packed);
    return weights;
  }

  /// Transforms a panel's weights `[3, 3, channels, columns]` into planes `[channels, columns]`.
  static void transform(
      float[] packed, int from, int channels, int columns, float[] planes, int to) {
    int tap = channels * columns, plane = plane(channels, columns);
    float[] between = Scratch.take(36 * LANES);
    new WinogradTile(WinogradTile.Matrix.WEIGHT, 3 * tap, tap, LANES, 6 * plane, plane, LANES)
        .fastest()
        .run(tap / LANES, packed, from, 0, between, Scratch.ALIGN, 0, planes, to, 0, false);
    Scratch.give(between);
  }

  /// Where the planes of a panel of weights begin.
  private int panel(int i) {
    return Scratch.ALIGN + i * 36 * plane(p.channels(), COLUMNS);
  }

  /// The 36 products, m `[blocks, outputs]` = v `[blocks, channels]` times weights.
  private void multiply(float[] v, int vPlane, float[] weights, float[] m, int mPlane, int count) {
    int channels = p.channels(), strips = Gemm.ceil(count, ROWS);
    for (int i = 0; i < Gemm.ceil(g.n(), COLUMNS); i++) {
      int columns = Math.min(COLUMNS, g.n() - i * COLUMNS), plane = plane(channels, columns);
      Tile[] tiles = new Tile[2];
      for (int longer = 0; longer < 2; longer++) {
        int rows = Math.max(1, count / strips + longer);
        tiles[longer] = new GemmTile(rows, columns, 1, channels, 1, columns).fastest();
      }
      for (int xi = 0; xi < 36; xi++) {
        int from = Scratch.ALIGN + xi * vPlane, to = Scratch.ALIGN + xi * mPlane + i * COLUMNS;
        int weight = panel(i) + xi * plane;
        for (int s = 0; s < strips; s++) {
          int row = count * s / strips, rows = count * (s + 1) / strips - row;
          tiles[rows - count / strips].run(
              channels,
              v,
              from + row * channels,
              0,
              weights,
              weight,
              0,
              m,
              to + row * g.n(),
              g.n(),
              false);
        }
      }
    }
  }

  /// Transforms products back and lands them, as columns `from` to `from + columns`; what lies
  /// beyond the image is dropped.
  void result(
      WinogradBlocks blocks, float[] m, int mPlane, int first, int count, int from, int columns) {
    int outputs = g.n(), pitch = p.columns() * outputs, vectors = columns / LANES;
    boolean adds = g.c().adds() || g.bias() != null;
    float[] work = Scratch.take(36 * LANES + 16 * outputs), c = g.c().c();
    int block = Scratch.ALIGN + 36 * LANES;
    WinogradTile.Matrix matrix = WinogradTile.Matrix.RESULT;
    WinogradRow tiles =
        WinogradRow.of(matrix, 6 * mPlane, mPlane, columns, 0, outputs, 4 * outputs);
    for (int t = 0, n; t < count; t += n) {
      int product = Scratch.ALIGN + t * columns, y = blocks.line(first + t) * 4;
      int x = blocks.column(first + t) * 4,
          row = (blocks.image(first + t) * p.rows() + y) * p.columns() + x;
      int h = Math.min(4, p.rows() - y), w = Math.min(4, p.columns() - x);
      int to = g.c().place(row) + from, whole = h == 4 ? (p.columns() - x) / 4 : 0;
      n = Math.clamp(whole, 1, count - t);
      if (whole > 0) {
        tiles.run(n, vectors, m, product, 0, work, c, to, pitch, adds);
        continue;
      }
      tiles.run(1, vectors, m, product, 0, work, work, block, 4 * outputs, false);
      for (int i = 0; i < h; i++) {
        int line = block + i * 4 * outputs;
        Gemm.land(work, line, outputs, w, columns, c, to + i * pitch, outputs, adds);
      }
    }
    Scratch.give(work);
  }
}
