package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.DEPTH;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// The matrix product c `[m, n]` (+)= a `[m, k]` b `[k, n]` (+ bias `[n]`) of all kernels.
///
/// After Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008): b is
/// packed once into panels of [GemmTiles#COLUMNS], then blocks of rows are shared out; each packs a
/// strip of a that stays in the first-level cache while the panels stream by. Long sums are cut
/// into blocks of [GemmTiles#DEPTH]. Products that are short and narrow but very deep, as the
/// gradients of weights are, are cut along the sum instead, and the partial results added up in
/// order.
///
/// Every cut depends on m, n and k alone, so the bits don't depend on the team.
record Gemm(int m, int n, int k, Operand a, Operand b, float[] bias, int biasAt, Landing c) {
  /// Columns that a part works on at a time: with [GemmTiles#DEPTH] rows they fill half of a 2 MiB
  /// second-level cache.
  private static final int WIDE = 512;

  /// Rows a part takes at most: enough to make reading the panels anew cheap.
  private static final int TALL = 240;

  /// Multiplications worth handing to another thread: some 10 us of work.
  private static final long GRAIN = 1 << 20;

  /// Parts at most: enough to keep sixteen threads evenly busy.
  private static final int PARTS = 64;

  void run(Workers team) {
    if (a instanceof Patches windows) {
      if (Winograd.suits(this, windows)) {
        new Winograd(this, windows).run(team);
        return;
      }
      if (Direct.suits(windows)) {
        new Direct(this, windows).run(team);
        return;
      }
    }
    if (b instanceof Patches windows && a instanceof Operand.Transposed(Operand.Matrix dy)) {
      if (WinogradGradWeight.suits(this, dy, windows)) {
        new WinogradGradWeight(this, dy, windows).run(team);
        return;
      }
      if (DirectGradWeight.suits(windows)) {
        new DirectGradWeight(this, dy, windows).run(team);
        return;
      }
    }
    int cuts = cuts();
    if (cuts > 1) {
      new GemmByDepth(this, cuts).run(team);
      return;
    }
    Panels packing = Panels.inOrder(b, n);
    float[] panels = Scratch.take(packing.size(k));
    int blocks = ceil(k, DEPTH), wide = packing.count();
    int each = Math.max(1, (1 << 15) / (Math.min(k, DEPTH) * COLUMNS));
    int runs = ceil(wide, each);
    team.run(
        blocks * runs,
        part -> {
          int k0 = part / runs * DEPTH, p = part % runs * each;
          packing.pack(
              k0, Math.min(DEPTH, k - k0), p, Math.min(wide, p + each), panels, panelsAt(k0));
        });
    int across = ceil(n, WIDE), down = downParts(across);
    team.run(
        across * down,
        part -> {
          int j = part % across * WIDE, i = part / across;
          float[] strip = Scratch.take(ROWS * (DEPTH + COLUMNS));
          int first = (int) ((long) m * i / down), end = (int) ((long) m * (i + 1) / down);
          int jEnd = Math.min(n, j + WIDE);
          if (bias != null) putBias(first, end, j, jEnd);
          for (int k0 = 0; k0 < k; k0 += DEPTH) {
            boolean adds = c.adds() || k0 > 0 || bias != null;
            int depth = Math.min(DEPTH, k - k0);
            block(first, end, j, jEnd, k0, depth, panels, panelsAt(k0), strip, c, adds);
          }
          Scratch.give(strip);
        });
    Scratch.give(panels);
  }

  private int panelsAt(int k0) {
    return Scratch.ALIGN + k0 * roundUp(n, LANES);
  }

  /// Into how many sums the product is cut, to be added up in the end.
  private int cuts() {
    if (k < 4 * DEPTH || (long) m * n > 1 << 17 || bias != null) return 1;
    return Math.clamp((long) m * n * k / GRAIN, 1, Math.min(16, k / DEPTH));
  }

  private int downParts(int across) {
    long work = (long) m * n * k / GRAIN;
    int most = Math.clamp(work, 1, PARTS);
    return Math.clamp(
        ceil(most, across), ceil(m, TALL), Math.max(ceil(m, TALL), ceil(m, 2 * ROWS)));
  }

  /// Rows `first` to `end` of c, columns j to jEnd, the part of the sum that begins at k0. Rows
  /// that don't fill the tiles are spread evenly over them.
  void block(
      int first,
      int end,
      int j,
      int jEnd,
      int k0,
      int depth,
      float[] panels,
      int start,
      float[] strip,
      Landing c,
      boolean adds) {
    for (int i = first; i < end; ) {
      int run = Math.min(end, c.runEnd(i)) - i, h = ceil(run, ceil(run, ROWS));
      int place = c.place(i);
      packStrip(i, h, k0, depth, strip);
      for (int p = j; p < jEnd; p += COLUMNS) {
        int width = Math.min(COLUMNS, jEnd - p);
        tile(h, width, depth, strip, panels, start + p * depth, c.c(), place + p, c.pitch(), adds);
      }
      i += h;
    }
  }

  private void packStrip(int i, int h, int k0, int depth, float[] strip) {
    switch (a) {
      case Operand.Rows rows -> {
        for (int r = 0; r < h; r++) {
          rows.copy(i + r, k0, depth, strip, Scratch.ALIGN + r * DEPTH);
        }
      }
      case Operand.Transposed(Operand.Matrix of) -> {
        for (int q = 0; q < depth; q++) {
          of.copy(k0 + q, i, h, strip, Scratch.ALIGN + q * ROWS);
        }
      }
    }
  }

  private void tile(
      int h,
      int width,
      int depth,
      float[] strip,
      float[] panels,
      int panel,
      float[] c,
      int place,
      int pitch,
      boolean adds) {
    int vectors = ceil(width, LANES);
    Tile tile =
        a instanceof Operand.Transposed
            ? GemmTiles.byColumns(h, vectors)
            : GemmTiles.byRows(h, vectors);
    if (width == vectors * LANES) {
      tile.run(depth, strip, Scratch.ALIGN, 0, panels, panel, 0, c, place, pitch, adds);
      return;
    }
    int whole = Scratch.ALIGN + ROWS * DEPTH; // the tile with its padding, then what c has of it
    tile.run(depth, strip, Scratch.ALIGN, 0, panels, panel, 0, strip, whole, COLUMNS, false);
    land(strip, whole, COLUMNS, h, width, c, place, pitch, adds);
  }

  /// Lands what of a padded tile belongs to c.
  static void land(
      float[] tile,
      int at,
      int columns,
      int rows,
      int width,
      float[] c,
      int place,
      int pitch,
      boolean adds) {
    for (int r = 0; r < rows; r++) {
      int from = at + r * columns, to = place + r * pitch;
      if (adds) for (int q = 0; q < width; q++) c[to + q] += tile[from + q];
      else System.arraycopy(tile, from, c, to, width);
    }
  }

  void putBias(int first, int end, int j, int jEnd) {
    for (int i = first; i < end; i++) {
      int to = c.place(i);
      if (!c.adds()) System.arraycopy(bias, biasAt + j, c.c(), to + j, jEnd - j);
      else for (int q = j; q < jEnd; q++) c.c()[to + q] += bias[biasAt + q];
    }
  }

  static int ceil(int x, int y) {
    return (x + y - 1) / y;
  }

  static int roundUp(int x, int y) {
    return ceil(x, y) * y;
  }
}
