package retort.tensor;

/// The geometry of a batch of matrix products `C[i] = op(A[i]) op(B[i])`, each `[m, k] x [k, n]`. A
/// transposed operand is stored `[k, m]` or `[n, k]`. The matrices of a batch lie one after
/// another; an operand that is not `batched` is the same for all of them.
public record Product(
    int batch,
    int m,
    int n,
    int k,
    boolean transposeA,
    boolean transposeB,
    boolean batchedA,
    boolean batchedB) {

  /// A single product.
  public static Product of(int m, int n, int k, boolean transposeA, boolean transposeB) {
    return new Product(1, m, n, k, transposeA, transposeB, true, true);
  }

  public long macs() {
    return (long) batch * m * n * k;
  }
}
