package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// The matrix product c `[m, n]` (+)= a `[m, k]` b `[k, n]` (+ bias `[n]`) of all kernels.
///
/// After Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008): a block
/// of b is packed into panels that stay in the second-level cache, then a is taken in strips, each
/// packed into the first-level cache, where it stays while the panels stream by. Long sums are cut
/// into blocks of at most [#DEPTH]. Products that are short and narrow but very deep, as the
/// gradients of weights are, are cut along the sum instead, and the partial results added up in
/// order, see [DeepProduct].
///
/// The cuts along the sum depend on m, n and k alone, so the bits don't depend on the team. The
/// rectangles of c that it shares out may: every number is summed up alone. Each packs its own
/// panels, in the cache of who reads them: panels that a team packs together for all cost two
/// meetings a block and come from another processor's cache (1024x1024x1024 at 0.92 of the speed).
record Gemm(int m, int n, int k, Operand a, Operand b, float[] bias, int biasAt, Landing c) {
  /// The longest sum in one go. Each costs reading and writing c; a strip of a fills half of a 48
  /// KiB first-level cache.
  static final int DEPTH = 512;

  /// Numbers of a block of b: 4 MiB. The fewer blocks, the fewer times a is packed; that the panels
  /// then come from the third-level cache, in order, costs a tile nothing.
  private static final int BLOCK = 1 << 20;

  /// Multiplications worth handing to another thread: some 10 us of work.
  private static final long GRAIN = 1 << 20;

  /// Parts a thread, for those that are held up to leave the rest to others.
  private static final int PARTS = 4;

  /// More parts than threads may pack one number more for so many multiplications: on two threads
  /// 256x256x256 is 1.07 times as fast in two parts as in eight, 256x196x2304 1.2 times,
  /// 1024x1024x1024 1.03 to 1.1.
  private static final int WORTH = 512;

  /// Sums that a deep product is cut into at most.
  private static final int CUTS = 16;

  void run(Workers team) {
    if (a instanceof Patches windows) {
      if (Winograd.suits(this, windows)) {
        new Winograd(this, windows).run(team);
        return;
      }
      if (Direct.suits(this, windows)) {
        new Direct(this, windows).run(team);
        return;
      }
    }
    if (b instanceof Patches windows && a instanceof Operand.Transposed(Operand.Matrix dy)) {
      if (WinogradGradWeight.suits(this, dy, windows)) {
        new WinogradGradWeight(this, dy, windows).run(team);
        return;
      }
      if (DirectGradWeight.suits(this, windows)) {
        new DirectGradWeight(this, dy, windows).run(team);
        return;
      }
    }
    DeepProduct deep = DeepProduct.of(this);
    if (deep != null) {
      deep.run(team);
      return;
    }
    int cuts = cuts();
    if (cuts > 1) {
      Gemm turned = PartialSums.turns(m, n) ? turned() : null, g = turned == null ? this : turned;
      PartialSums sums = PartialSums.take(cuts, m, n, g == turned);
      team.run(
          cuts,
          part -> {
            int first = (int) ((long) k * part / cuts), end = (int) ((long) k * (part + 1) / cuts);
            Landing sum = Landing.dense(sums.sums(), sums.at(part), false, g.n);
            g.rectangle(0, g.m, 0, ceil(g.n, COLUMNS), first, end, sum, false);
          });
      sums.land(team, c);
      return;
    }
    int panels = ceil(n, COLUMNS);
    int parts = rectangles(team), across = across(parts);
    int down = Math.min(parts / across, ceil(m, ROWS));
    team.run(
        down * across,
        part -> {
          int i = part / across, j = part % across;
          int first = (int) ((long) m * i / down), end = (int) ((long) m * (i + 1) / down);
          int left = panels * j / across, right = panels * (j + 1) / across;
          if (bias != null) putBias(first, end, left * COLUMNS, Math.min(n, right * COLUMNS));
          rectangle(first, end, left, right, 0, k, c, c.adds() || bias != null);
        });
  }

  /// Parts for a team to share out.
  int parts(Workers team) {
    return team.team() == 1 ? 1 : Math.clamp(macs() / GRAIN, 1, PARTS * team.team());
  }

  /// Into how many rectangles c is cut: one a thread, where more would pack too much more.
  private int rectangles(Workers team) {
    int many = parts(team), few = Math.min(many, team.team());
    long more = packed(many, across(many)) - packed(few, across(few));
    return more * WORTH > (long) m * n ? few : many;
  }

  /// Into how many of these c is cut across, so that as little as can be is packed.
  int across(int parts) {
    int best = 1;
    for (int across = 2; across <= Math.min(parts, ceil(n, COLUMNS)); across++) {
      if (parts % across == 0 && packed(parts, across) <= packed(parts, best)) best = across;
    }
    return best;
  }

  /// Rows and columns that are packed: each rectangle packs its own.
  private long packed(int parts, int across) {
    return (long) across * m + (long) (parts / across) * n;
  }

  /// The product whose result is the transpose of this one's; null for factors made up in packing.
  Gemm turned() {
    Operand left = turned(b), right = turned(a);
    return left == null || right == null ? null : new Gemm(n, m, k, left, right, null, 0, c);
  }

  private static Operand turned(Operand factor) {
    return switch (factor) {
      case Operand.Matrix m -> new Operand.Transposed(m);
      case Operand.Transposed(Operand.Matrix m) -> m;
      case Operand.Rows made -> null;
    };
  }

  private long macs() {
    return (long) m * n * k;
  }

  /// Into how many sums the product is cut, to be added up in the end.
  private int cuts() {
    boolean few = (long) m * n <= (PartialSums.turns(m, n) ? 1 << 17 : 1 << 14);
    return k < 4 * DEPTH || !few || bias != null ? 1 : cuts(CUTS);
  }

  /// The same, at most so many.
  int cuts(int most) {
    return Math.clamp(macs() / GRAIN, 1, Math.min(Math.min(CUTS, most), k / DEPTH));
  }

  /// Rows `first` to `end` of c, some panels of columns, summed from `from` to `to`.
  private void rectangle(
      int first, int end, int left, int right, int from, int to, Landing c, boolean adds) {
    int blocks = ceil(to - from, DEPTH), deepest = roundUp(ceil(to - from, blocks), LANES);
    int wide = Math.max(1, BLOCK / (deepest * COLUMNS));
    int count = ceil(right - left, wide);
    Panels packing = Panels.inOrder(b, n);
    float[] panels = Scratch.take(deepest * ceil(right - left, count) * COLUMNS);
    float[] strips = Scratch.take(Strips.MOST * Strips.SIZE + ROWS * COLUMNS);
    for (int i = 0; i < count; i++) {
      int p = left + (right - left) * i / count, pEnd = left + (right - left) * (i + 1) / count;
      for (int k0 = from; k0 < to; k0 += deepest) {
        int depth = Math.min(deepest, to - k0), start = Scratch.ALIGN - p * COLUMNS * depth;
        packing.pack(k0, depth, p, pEnd, panels, start);
        block(first, end, p, pEnd, k0, depth, panels, start, strips, c, adds || k0 > from);
      }
    }
    Scratch.give(strips);
    Scratch.give(panels);
  }

  /// What `depth` terms from k0 on add to a rectangle of c.
  private void block(
      int first,
      int end,
      int left,
      int right,
      int k0,
      int depth,
      float[] panels,
      int start,
      float[] strips,
      Landing c,
      boolean adds) {
    int edge = Scratch.ALIGN + Strips.MOST * Strips.SIZE; // a tile of which c has only a part
    for (int i = first; i < end; i = c.runEnd(i)) {
      Strips packing = new Strips(a, i, Math.min(end, c.runEnd(i)) - i);
      Operand.Matrix near = packing.inPlace();
      float[] rows = near == null ? strips : near.a();
      int stride = packing.rowStride();
      for (int s = 0; s < packing.count(); s++) {
        int slot = s % packing.together();
        packing.readAhead(s, depth);
        if (near == null && slot == 0) packing.pack(s, k0, depth, strips, Scratch.ALIGN);
        int row = packing.row(s), h = packing.height(s), place = c.place(row);
        int strip =
            near == null ? Scratch.ALIGN + slot * Strips.SIZE : near.at() + row * near.pitch() + k0;
        for (int p = left; p < right; p++) {
          int width = Math.min(COLUMNS, n - p * COLUMNS), vectors = ceil(width, LANES);
          int panel = start + p * COLUMNS * depth, to = place + p * COLUMNS;
          Tile tile = GemmTiles.product(h, vectors, stride);
          if (width == vectors * LANES) {
            tile.run(depth, rows, strip, 0, panels, panel, 0, c.c(), to, c.pitch(), adds);
          } else {
            tile.run(depth, rows, strip, 0, panels, panel, 0, strips, edge, COLUMNS, false);
            land(strips, edge, COLUMNS, h, width, c.c(), to, c.pitch(), adds);
          }
        }
      }
    }
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
