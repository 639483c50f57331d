package retort.tensor.cpu;

import java.util.Arrays;

/// A copy between two strided views, neighbouring axes merged where one stride covers both on
/// either side.
record Route(int[] dims, int[] from, int[] to) {
  static Route merged(int[] dims, int[] from, int[] to) {
    int[] d = new int[dims.length + 1], f = new int[dims.length + 1], t = new int[dims.length + 1];
    int k = 0; // the axes so far, outermost first
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 1) continue;
      if (k > 0 && f[k - 1] == from[i] * dims[i] && t[k - 1] == to[i] * dims[i]) {
        d[k - 1] *= dims[i];
        f[k - 1] = from[i];
        t[k - 1] = to[i];
      } else {
        d[k] = dims[i];
        f[k] = from[i];
        t[k++] = to[i];
      }
    }
    if (k == 0) {
      d[0] = 1;
      f[0] = 1;
      t[0] = 1;
      k = 1;
    }
    return new Route(Arrays.copyOf(d, k), Arrays.copyOf(f, k), Arrays.copyOf(t, k));
  }

  /// How many runs along the last axis there are.
  int runs() {
    int n = 1;
    for (int i = 0; i < dims.length - 1; i++) n *= dims[i];
    return n;
  }

  int length() {
    return dims[dims.length - 1];
  }

  int fromStep() {
    return from[dims.length - 1];
  }

  int toStep() {
    return to[dims.length - 1];
  }

  /// Where a run begins in one of the views.
  int place(int run, int[] strides) {
    int at = 0;
    for (int axis = dims.length - 2; axis >= 0; run /= dims[axis--]) {
      at += run % dims[axis] * strides[axis];
    }
    return at;
  }
}
