package retort.tensor.cpu;

/// Visits every index of a block in order, with two strided positions beside the dense one.
final class Walk {
  private Walk() {}

  interface Visit {
    void at(int i, int a, int b);
  }

  static void over(int[] dims, int[] a, int[] b, Visit visit) {
    int n = 1;
    for (int d : dims) n *= d;
    for (int i = 0; i < n; i++) {
      int ia = 0, ib = 0;
      for (int axis = dims.length - 1, rest = i; axis >= 0; rest /= dims[axis--]) {
        ia += rest % dims[axis] * a[axis];
        ib += rest % dims[axis] * b[axis];
      }
      visit.at(i, ia, ib);
    }
  }
}
