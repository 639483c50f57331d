package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// The weight gradient of a convolution that [Winograd] does: the gradient of its transformed
/// weights, 36 products of transformed blocks of dy and of x, transformed back.
///
/// Blocks are taken a few dozen at a time, so that the products find them in the cache. Where the
/// sums are small, each part of the blocks has sums of its own, and no thread waits for another or
/// reads what another has written; else the team meets after each step and shares out the planes.
record WinogradGradWeight(Gemm g, Operand.Matrix dy, Patches p) {
  /// Numbers of transformed blocks at a time. In parts of their own 520 KiB, which stay in the
  /// second-level cache beside the sums; else 1.5 MiB, for meeting takes time as well.
  private static final int OWN = 130_000, SHARED = 400_000;

  /// Blocks at a time at least, however many channels they have: each time reads and writes all
  /// sums once.
  private static final int FEWEST = 64;

  /// Blocks that one of a team transforms at a time. A part of its own takes all at once, for what
  /// is read ahead in longer runs comes faster: 1.05 to 1.15 times the speed at 16 channels.
  private static final int SHARE = 8;

  /// Parts at most, the numbers that their sums may hold in all, and the fewest blocks of a part.
  private static final int PARTS = 8, SUMS = 1 << 20, LEAST = 128;

  private static final Workers ALONE = new Workers(1);

  static boolean suits(Gemm g, Operand.Matrix dy, Patches p) {
    return dy.pitch() == g.m() && g.c().pitch() == g.n() && Winograd.suits(p, g.m());
  }

  void run(Workers team) {
    WinogradBlocks xs = WinogradBlocks.of(p, 6), ds = WinogradBlocks.of(gradient(), 4);
    int all = g.k() / (p.rows() * p.columns()) * xs.count();
    int plane = Winograd.plane(g.m(), p.channels());
    int cuts = Math.clamp(Math.min(SUMS / (36 * plane), all / LEAST), 1, PARTS);
    PartialSums sums = PartialSums.take(cuts, 36, plane);
    if (cuts == 1) {
      sum(team, SHARED, xs, ds, 0, all, sums.sums(), sums.at(0));
    } else {
      team.run(
          cuts,
          i -> {
            int first = (int) ((long) all * i / cuts), end = (int) ((long) all * (i + 1) / cuts);
            sum(ALONE, OWN, xs, ds, first, end, sums.sums(), sums.at(i));
          });
    }
    sums.addUp(team);
    land(team, sums.sums(), plane);
    Scratch.give(sums.sums());
  }

  /// dy as an image.
  private Patches gradient() {
    int f = g.m(), h = p.rows(), w = p.columns();
    return new Patches(dy.a(), dy.at(), h, w, f, f, h, w, 1, 0, 0, 3, 3);
  }

  /// Sums up blocks `start` to `end`, into 36 planes from `to` on.
  private void sum(
      Workers team,
      int numbers,
      WinogradBlocks xs,
      WinogradBlocks ds,
      int start,
      int end,
      float[] sums,
      int to) {
    int channels = p.channels(), outputs = g.m();
    int each =
        Math.clamp(numbers / (36 * (channels + outputs)), FEWEST, Math.max(FEWEST, end - start));
    int vPlane = Winograd.plane(each, channels), mPlane = Winograd.plane(each, outputs);
    int plane = Winograd.plane(outputs, channels);
    float[] v = Scratch.take(36 * vPlane), m = Scratch.take(36 * mPlane);
    Planes products = new Planes();
    int stretch = team == ALONE ? each : SHARE;
    for (int first = start; first < end; first += each) {
      int from = first, count = Math.min(each, end - first);
      team.run(
          Gemm.ceil(count, stretch),
          part -> {
            int i = part * stretch, n = Math.min(stretch, count - i);
            xs.transform(WinogradTile.Matrix.IMAGE, from + i, n, v, vPlane, i);
            ds.transform(WinogradTile.Matrix.RESULT_GRAD, from + i, n, m, mPlane, i);
          });
      team.run(
          36,
          xi -> {
            int dAt = Scratch.ALIGN + xi * mPlane, xAt = Scratch.ALIGN + xi * vPlane;
            products.multiply(count, m, dAt, v, xAt, sums, to + xi * plane, from > start);
          });
    }
    Scratch.give(m);
    Scratch.give(v);
  }

  /// The 36 products, sums `[outputs, channels]` (+)= m's transpose times v.
  private final class Planes {
    final int channels = p.channels(), outputs = g.m();
    final int strips = Gemm.ceil(outputs, ROWS), shorter = outputs / strips;
    final Tile[] wide = tiles(COLUMNS), narrow = tiles(LANES);

    /// For strips of the shorter and of the longer kind.
    private Tile[] tiles(int columns) {
      return new Tile[] {tile(shorter, columns), tile(shorter + 1, columns)};
    }

    private Tile tile(int rows, int columns) {
      return new GemmTile(rows, columns, 1, 1, outputs, channels).fastest();
    }

    void multiply(
        int count, float[] m, int d, float[] v, int x, float[] sum, int to, boolean adds) {
      for (int s = 0; s < strips; s++) {
        int f = outputs * s / strips, rows = outputs * (s + 1) / strips - f;
        for (int j = 0; j < channels; j += COLUMNS) {
          Tile[] tiles = channels - j >= COLUMNS ? wide : narrow;
          int place = to + f * channels + j;
          tiles[rows - shorter].run(count, m, d + f, 0, v, x + j, 0, sum, place, channels, adds);
        }
      }
    }
  }

  /// Transforms the sums back, an output's weights at a time.
  private void land(Workers team, float[] sum, int plane) {
    int channels = p.channels();
    Tile tile =
        new WinogradTile(
                WinogradTile.Matrix.WEIGHT_GRAD,
                6 * plane,
                plane,
                LANES,
                3 * channels,
                channels,
                LANES)
            .fastest();
    team.run(
        Gemm.ceil(g.m(), 16),
        part -> {
          float[] between = Scratch.take(36 * LANES);
          for (int f = part * 16; f < Math.min(g.m(), part * 16 + 16); f++) {
            int from = Scratch.ALIGN + f * channels, to = g.c().place(f);
            float[] c = g.c().c();
            tile.run(
                channels / LANES, sum, from, 0, between, Scratch.ALIGN, 0, c, to, 0, g.c().adds());
          }
          Scratch.give(between);
        });
  }
}
