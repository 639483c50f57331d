package retort.tensor;

/// The geometry of a batch of matrix products `C[i] = op(A[i]) op(B[i])`, each `[m, k] x [k, n]`. A
/// transposed operand is stored `[k, m]` or `[n, k]`. The matrices of a batch lie one after
/// another; an operand that is not `batched` is the same for all of them.
///
/// @param coarse whether factors may be rounded to bfloat16, where a device can gain by it and its
///   user has asked for it
public record Product(
    int batch,
    int m,
    int n,
    int k,
    boolean transposeA,
    boolean transposeB,
    boolean batchedA,
    boolean batchedB,
    boolean coarse) {

  public Product(
      int batch,
      int m,
      int n,
      int k,
      boolean transposeA,
      boolean transposeB,
      boolean batchedA,
      boolean batchedB) {
    this(batch, m, n, k, transposeA, transposeB, batchedA, batchedB, false);
  }

  /// A single product.
  public static Product of(int m, int n, int k, boolean transposeA, boolean transposeB) {
    return new Product(1, m, n, k, transposeA, transposeB, true, true);
  }

  public Product coarse(boolean yes) {
    return new Product(batch, m, n, k, transposeA, transposeB, batchedA, batchedB, yes);
  }

  public long macs() {
    return (long) batch * m * n * k;
  }
}
