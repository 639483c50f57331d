package retort.tensor.cpu;

/// A factor of a product, as the packing of [Gemm] reads it.
sealed interface Operand {
  /// A factor whose rows can be copied, whole or in part: stored so, or made up on the way.
  non-sealed interface Rows extends Operand {
    /// Copies numbers `from` to `from + count` of a row.
    void copy(int row, int from, int count, float[] to, int at);
  }

  /// The transpose of a stored matrix.
  record Transposed(Matrix of) implements Operand {}

  /// A stored matrix, its rows `pitch` apart.
  record Matrix(float[] a, int at, int pitch) implements Rows {
    @Override
    public void copy(int row, int from, int count, float[] to, int start) {
      System.arraycopy(a, at + row * pitch + from, to, start, count);
    }
  }
}
