package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Products and direct convolutions in vector code that all their tiles share, with strides in
/// variables: less than half as fast as code of a tile's own, but there is little of it, so that it
/// is compiled in the first seconds of a program. Until then it would be slower than plain loops,
/// see [WarmingTile].
///
/// `c[i, j] (+)= sum of a[i rowStep + s aStrides] b[s bStrides + j]` over three nested counts s, in
/// the order that the plain loops go, so that the bits are theirs.
record SharedTile(int rows, int columns, int rowStep, Nest nest) {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = S.length();

  /// Three nested loops, outermost first: how often each is gone through, and how far each time
  /// leads in a and in b.
  record Nest(int n0, int a0, int b0, int n1, int a1, int b1, int n2, int a2, int b2) {}

  void run(float[] a, int ao, float[] b, int bo, float[] c, int co, int cPitch, boolean adds) {
    int j = 0;
    for (; j + 2 * LANES <= columns; j += 2 * LANES) {
      int i = 0;
      for (; i + 4 <= rows; i += 4) {
        four(nest, rowStep, a, ao + i * rowStep, b, bo + j, c, co + i * cPitch + j, cPitch, adds);
      }
      for (; i < rows; i++) {
        int at = ao + i * rowStep, to = co + i * cPitch + j;
        one(nest, a, at, b, bo + j, c, to, adds);
        one(nest, a, at, b, bo + j + LANES, c, to + LANES, adds);
      }
    }
    if (j == columns) return;
    for (int i = 0; i < rows; i++) {
      one(nest, a, ao + i * rowStep, b, bo + j, c, co + i * cPitch + j, adds);
    }
  }

  /// Four rows of two vectors: eight sums, as many as additions are under way at a time.
  private static void four(
      Nest s,
      int step,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int cPitch,
      boolean adds) {
    FloatVector c00 = FloatVector.zero(S), c01 = c00, c10 = c00, c11 = c00;
    FloatVector c20 = c00, c21 = c00, c30 = c00, c31 = c00;
    for (int i0 = 0; i0 < s.n0; i0++) {
      for (int i1 = 0; i1 < s.n1; i1++) {
        int p = ao + i0 * s.a0 + i1 * s.a1, q = bo + i0 * s.b0 + i1 * s.b1;
        for (int i2 = 0; i2 < s.n2; i2++, p += s.a2, q += s.b2) {
          FloatVector b0 = FloatVector.fromArray(S, b, q);
          FloatVector b1 = FloatVector.fromArray(S, b, q + LANES);
          FloatVector x = FloatVector.broadcast(S, a[p]);
          c00 = x.fma(b0, c00);
          c01 = x.fma(b1, c01);
          x = FloatVector.broadcast(S, a[p + step]);
          c10 = x.fma(b0, c10);
          c11 = x.fma(b1, c11);
          x = FloatVector.broadcast(S, a[p + 2 * step]);
          c20 = x.fma(b0, c20);
          c21 = x.fma(b1, c21);
          x = FloatVector.broadcast(S, a[p + 3 * step]);
          c30 = x.fma(b0, c30);
          c31 = x.fma(b1, c31);
        }
      }
    }
    land(c00, c, co, adds);
    land(c01, c, co + LANES, adds);
    land(c10, c, co + cPitch, adds);
    land(c11, c, co + cPitch + LANES, adds);
    land(c20, c, co + 2 * cPitch, adds);
    land(c21, c, co + 2 * cPitch + LANES, adds);
    land(c30, c, co + 3 * cPitch, adds);
    land(c31, c, co + 3 * cPitch + LANES, adds);
  }

  private static void one(
      Nest s, float[] a, int ao, float[] b, int bo, float[] c, int co, boolean adds) {
    FloatVector sum = FloatVector.zero(S);
    for (int i0 = 0; i0 < s.n0; i0++) {
      for (int i1 = 0; i1 < s.n1; i1++) {
        int p = ao + i0 * s.a0 + i1 * s.a1, q = bo + i0 * s.b0 + i1 * s.b1;
        for (int i2 = 0; i2 < s.n2; i2++, p += s.a2, q += s.b2) {
          sum = FloatVector.broadcast(S, a[p]).fma(FloatVector.fromArray(S, b, q), sum);
        }
      }
    }
    land(sum, c, co, adds);
  }

  private static void land(FloatVector sum, float[] c, int co, boolean adds) {
    (adds ? sum.add(FloatVector.fromArray(S, c, co)) : sum).intoArray(c, co);
  }
}
