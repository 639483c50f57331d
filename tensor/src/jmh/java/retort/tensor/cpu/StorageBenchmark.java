package retort.tensor.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Where should numbers lie: in arrays or in segments of native memory, from which element on, and
/// does a plain loop do as well as vectors?
@State(Scope.Thread)
public class StorageBenchmark extends Questions {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /// A large array's data begins 16 bytes into its page: from here on it lies on cache lines.
  private static final int ALIGNED = 12;

  @Param({"2048", "262144"})
  int size;

  private float[] a;
  private float[] b;
  private float[] c;
  private MemorySegment sa;
  private MemorySegment sb;
  private MemorySegment sc;

  @Setup
  public void fill() {
    a = numbers(size + ALIGNED);
    b = numbers(size + ALIGNED);
    c = new float[size + ALIGNED];
    sa =
        Arena.global()
            .allocate(4L * size, 64)
            .copyFrom(MemorySegment.ofArray(a).asSlice(0, 4L * size));
    sb =
        Arena.global()
            .allocate(4L * size, 64)
            .copyFrom(MemorySegment.ofArray(b).asSlice(0, 4L * size));
    sc = Arena.global().allocate(4L * size, 64);
  }

  @Benchmark
  public float[] arrayPlainLoop() {
    for (int i = 0; i < size; i++) c[i] = a[i] + b[i];
    return c;
  }

  @Benchmark
  public float[] arrayVectors() {
    for (int i = 0; i < size; i += S.length()) {
      FloatVector.fromArray(S, a, i).add(FloatVector.fromArray(S, b, i)).intoArray(c, i);
    }
    return c;
  }

  @Benchmark
  public float[] arrayVectorsOnCacheLines() {
    for (int i = ALIGNED; i < size + ALIGNED; i += S.length()) {
      FloatVector.fromArray(S, a, i).add(FloatVector.fromArray(S, b, i)).intoArray(c, i);
    }
    return c;
  }

  @Benchmark
  public MemorySegment segmentPlainLoop() {
    for (int i = 0; i < size; i++) {
      sc.setAtIndex(JAVA_FLOAT, i, sa.getAtIndex(JAVA_FLOAT, i) + sb.getAtIndex(JAVA_FLOAT, i));
    }
    return sc;
  }

  @Benchmark
  public MemorySegment segmentVectors() {
    for (long i = 0, end = 4L * size; i < end; i += 4L * S.length()) {
      FloatVector v = FloatVector.fromMemorySegment(S, sa, i, ORDER);
      v.add(FloatVector.fromMemorySegment(S, sb, i, ORDER)).intoMemorySegment(sc, i, ORDER);
    }
    return sc;
  }
}
