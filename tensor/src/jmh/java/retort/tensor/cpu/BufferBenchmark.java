package retort.tensor.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What does a buffer cost: from a free list, fresh from the heap, or as native memory?
@State(Scope.Thread)
public class BufferBenchmark extends Questions {
  @Param({"1048576"})
  int size;

  private final ArrayDeque<float[]> pool = new ArrayDeque<>();

  @Benchmark
  public float[] pooled() {
    float[] a = pool.pollFirst();
    if (a == null) a = new float[size];
    pool.addFirst(a);
    return a;
  }

  @Benchmark
  public float[] fresh() {
    return new float[size];
  }

  @Benchmark
  public long sharedArena() {
    try (Arena arena = Arena.ofShared()) {
      return arena.allocate(4L * size, 64).byteSize();
    }
  }

  @Benchmark
  public MemorySegment automaticArena() {
    return Arena.ofAuto().allocate(4L * size, 64);
  }
}
