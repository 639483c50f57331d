package retort.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import retort.gpu.Work.Multiplication;
import retort.tensor.Product;

/// The vendor's matrix products. Its six functions used here are bound as they are in C, for their
/// names and arguments are the same in CUDA 12 and 13, while JCuda's binding is linked to the
/// library of CUDA 12 by its version.
///
/// cuBLAS stores matrices column by column. The same numbers read row by row are the transposed
/// matrix, so `C = op(A) op(B)` is asked for as `C' = op(B)' op(A)'`.
@SuppressWarnings("restricted") // the vendor's libraries are native
final class Cublas {
  private static final int REAL_32F = 0, REAL_16BF = 14;
  private static final int COMPUTE_32F = 68, COMPUTE_32F_FAST_TF32 = 77;
  private static final int DEFAULT_ALGORITHM = -1;

  /// The memory that cuBLAS works in, as much as its manual asks for on the cards of today. It
  /// would take its own, but that couldn't be part of a graph.
  static final long WORKSPACE = 32L << 20;

  /// All that is asked of the library.
  static final List<String> FUNCTIONS =
      List.of(
          "cublasCreate_v2",
          "cublasSetStream_v2",
          "cublasSetWorkspace_v2",
          "cublasGetVersion_v2",
          "cublasGemmEx",
          "cublasGemmStridedBatchedEx");

  private final Driver driver;
  private final MethodHandle gemm;
  private final MethodHandle gemmOfBatch;
  private final MemorySegment handle;
  private final MemorySegment one;
  private final MemorySegment zero;
  private final int version;

  /// @param library an opened libcublas
  /// @param driver in whose stream products happen
  Cublas(SymbolLookup library, Driver driver) {
    this.driver = driver;
    MethodHandle create = bind(library, 0, ADDRESS);
    MethodHandle setStream = bind(library, 1, ADDRESS, JAVA_LONG);
    MethodHandle setWorkspace = bind(library, 2, ADDRESS, JAVA_LONG, JAVA_LONG);
    MethodHandle getVersion = bind(library, 3, ADDRESS, ADDRESS);
    gemm = bind(library, 4, arguments(false));
    gemmOfBatch = bind(library, 5, arguments(true));
    Arena always = Arena.global();
    one = always.allocateFrom(JAVA_FLOAT, 1);
    zero = always.allocateFrom(JAVA_FLOAT, 0);
    MemorySegment place = always.allocate(ADDRESS), number = always.allocate(JAVA_INT);
    call("cublasCreate", create, place);
    handle = place.get(ADDRESS, 0);
    call("cublasSetStream", setStream, handle, driver.stream());
    long workspace = driver.allocate(WORKSPACE);
    if (workspace == 0) {
      throw new Missing(
          "card",
          "the card has no " + (WORKSPACE >> 20) + " MiB of memory left for cuBLAS to work in",
          "nvidia-smi shows who holds it; CUDA_VISIBLE_DEVICES chooses another card");
    }
    call("cublasSetWorkspace", setWorkspace, handle, workspace, WORKSPACE); // after the stream
    call("cublasGetVersion", getVersion, handle, number);
    version = number.get(JAVA_INT, 0);
  }

  private static MemoryLayout[] arguments(boolean batched) {
    MemoryLayout[] operand = {JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG};
    int each = batched ? 4 : 3; // the stride
    MemoryLayout[] all = {ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS};
    all = join(all, Arrays.copyOf(operand, each));
    all = join(all, Arrays.copyOf(operand, each));
    all = join(all, ADDRESS);
    all = join(all, Arrays.copyOf(operand, each));
    if (batched) all = join(all, JAVA_INT);
    return join(all, JAVA_INT, JAVA_INT);
  }

  private static MemoryLayout[] join(MemoryLayout[] a, MemoryLayout... b) {
    MemoryLayout[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private static MethodHandle bind(SymbolLookup library, int function, MemoryLayout... arguments) {
    MemorySegment address = library.findOrThrow(FUNCTIONS.get(function));
    return Linker.nativeLinker()
        .downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static void call(String name, MethodHandle function, Object... arguments) {
    try {
      check(name, (int) function.invokeWithArguments(arguments));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e); // C functions throw nothing
    }
  }

  private static void check(String name, int status) {
    if (status == 0) return;
    String meaning =
        switch (status) {
          case 1 -> "NOT_INITIALIZED: the driver is older than this cuBLAS, or the card is lost";
          case 3 -> "ALLOC_FAILED: the card has no memory left for cuBLAS's workspace";
          case 7 -> "INVALID_VALUE";
          case 8 -> "ARCH_MISMATCH";
          case 13 -> "EXECUTION_FAILED";
          case 15 -> "NOT_SUPPORTED";
          default -> "status " + status;
        };
    throw new IllegalStateException("cuda: " + name + " failed with CUBLAS_STATUS_" + meaning);
  }

  /// 120600 for 12.6.
  int version() {
    return version;
  }

  void multiply(Multiplication asked) {
    driver.enter();
    Product p = asked.product();
    int m = p.m(), n = p.n(), k = p.k();
    int ta = p.transposeA() ? 1 : 0, tb = p.transposeB() ? 1 : 0;
    int lda = p.transposeA() ? m : k, ldb = p.transposeB() ? k : n;
    Precision precision = asked.precision();
    int type = precision == Precision.BFLOAT16 ? REAL_16BF : REAL_32F;
    int compute = precision == Precision.TF32 ? COMPUTE_32F_FAST_TF32 : COMPUTE_32F;
    long a = asked.a(), b = asked.b(), to = asked.c();
    MemorySegment beta = asked.adds() ? one : zero;
    int status;
    try {
      status =
          p.batch() == 1
              ? (int)
                  gemm.invokeExact(
                      handle,
                      tb,
                      ta,
                      n,
                      m,
                      k,
                      one,
                      b,
                      type,
                      ldb,
                      a,
                      type,
                      lda,
                      beta,
                      to,
                      REAL_32F,
                      n,
                      compute,
                      DEFAULT_ALGORITHM)
              : (int)
                  gemmOfBatch.invokeExact(
                      handle,
                      tb,
                      ta,
                      n,
                      m,
                      k,
                      one,
                      b,
                      type,
                      ldb,
                      p.batchedB() ? (long) k * n : 0L,
                      a,
                      type,
                      lda,
                      p.batchedA() ? (long) m * k : 0L,
                      beta,
                      to,
                      REAL_32F,
                      n,
                      (long) m * n,
                      p.batch(),
                      compute,
                      DEFAULT_ALGORITHM);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e); // C functions throw nothing
    }
    check(asked.name(), status);
  }
}
