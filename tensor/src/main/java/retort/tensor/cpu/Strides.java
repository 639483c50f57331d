package retort.tensor.cpu;

/// How an operand is walked while a dense block is walked in order, with neighbouring axes merged
/// where one stride covers both: so most broadcasts come down to one or two axes, and their runs
/// are long.
record Strides(int[] dims, int[] strides) {
  static Strides merged(int[] dims, int[] strides) {
    int[] d = new int[dims.length + 1], s = new int[dims.length + 1];
    int k = 0; // the axes so far, outermost first
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 1) continue;
      if (k > 0 && s[k - 1] == strides[i] * dims[i]) {
        d[k - 1] *= dims[i];
        s[k - 1] = strides[i];
      } else {
        d[k] = dims[i];
        s[k++] = strides[i];
      }
    }
    if (k == 0) {
      d[k] = 1;
      s[k++] = 1;
    }
    return new Strides(java.util.Arrays.copyOf(d, k), java.util.Arrays.copyOf(s, k));
  }

  int rank() {
    return dims.length;
  }

  /// The operand is as large as the block and lies in the same order.
  boolean isDense() {
    return rank() == 1 && strides[0] == 1;
  }

  int lastDim() {
    return dims[rank() - 1];
  }

  int lastStride() {
    return strides[rank() - 1];
  }

  /// How many numbers the block holds.
  int size() {
    int n = 1;
    for (int d : dims) n *= d;
    return n;
  }

  /// Where the operand is when the block is at place i.
  int place(int i) {
    int at = 0;
    for (int axis = rank() - 1; axis >= 0; i /= dims[axis--]) at += i % dims[axis] * strides[axis];
    return at;
  }
}
