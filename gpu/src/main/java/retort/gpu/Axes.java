package retort.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/// The extents of a block and the strides with which two operands are walked over it, with as few
/// axes as they can be told in.
record Axes(int[] dims, int[] a, int[] b) {
  /// The size of the kernels' arrays (common.cuh).
  private static final int MOST = 12;

  /// Axes of extent 1 are left out, and neighbours that are walked as one become one.
  Axes merged() {
    int[] d = new int[dims.length], p = new int[dims.length], q = new int[dims.length];
    int n = 0;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 1) continue;
      if (n > 0 && p[n - 1] == a[i] * dims[i] && q[n - 1] == b[i] * dims[i]) {
        d[n - 1] *= dims[i];
      } else {
        d[n++] = dims[i];
      }
      p[n - 1] = a[i];
      q[n - 1] = b[i];
    }
    return new Axes(Arrays.copyOf(d, n), Arrays.copyOf(p, n), Arrays.copyOf(q, n));
  }

  /// Some of the axes, by their index.
  Axes only(IntPredicate wanted) {
    List<int[]> kept = new ArrayList<>();
    for (int i = 0; i < dims.length; i++) {
      if (wanted.test(i)) kept.add(new int[] {dims[i], a[i], b[i]});
    }
    return new Axes(column(kept, 0), column(kept, 1), column(kept, 2));
  }

  private static int[] column(List<int[]> rows, int i) {
    return rows.stream().mapToInt(r -> r[i]).toArray();
  }

  int size() {
    int n = 1;
    for (int d : dims) n *= d;
    return n;
  }

  /// How the terms of a sum over these axes lie in the first operand.
  Launcher.Lie lie() {
    boolean together = dims.length > 0 && Math.abs(a[dims.length - 1]) == 1;
    return together ? Launcher.Lie.TERMS_TOGETHER : Launcher.Lie.DESTINATIONS_TOGETHER;
  }

  /// The struct Walk of the kernels.
  int[] walk() {
    if (dims.length > MOST) {
      throw new IllegalArgumentException(
          "cuda: a strided block has at most "
              + MOST
              + " axes that don't merge, got "
              + dims.length
              + " of extents "
              + Arrays.toString(dims));
    }
    int[] w = new int[1 + 3 * MOST];
    w[0] = dims.length;
    System.arraycopy(dims, 0, w, 1, dims.length);
    System.arraycopy(a, 0, w, 1 + MOST, dims.length);
    System.arraycopy(b, 0, w, 1 + 2 * MOST, dims.length);
    return w;
  }
}
