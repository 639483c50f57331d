package retort.tensor.cpu;

/// The weights `[f, kh, kw, channels]` of a convolution as its input gradient reads them: row `(a,
/// b, f)` of a matrix with a column a channel, over the taps `aLast - a stride`, `bLast - b stride`
/// that meet one phase of the input's pixels. `f` counts the outputs of one group.
record TurnedWeights(
    float[] weight,
    int at,
    int outputs,
    int kh,
    int kw,
    int channels,
    int stride,
    int aLast,
    int bLast,
    int bCount)
    implements Operand.Rows {

  @Override
  public void copy(int row, int from, int count, float[] to, int start) {
    System.arraycopy(weight, place(row) + from, to, start, count);
  }

  /// Where a row lies.
  int place(int row) {
    int tap = row / outputs, f = row - tap * outputs;
    int a = aLast - tap / bCount * stride, b = bLast - tap % bCount * stride;
    return at + ((f * kh + a) * kw + b) * channels;
  }

  /// Whether some rows are of one tap, and so a [#pitch] apart.
  boolean even(int row, int rows) {
    return row / outputs == (row + rows - 1) / outputs;
  }

  int pitch() {
    return kh * kw * channels;
  }
}
