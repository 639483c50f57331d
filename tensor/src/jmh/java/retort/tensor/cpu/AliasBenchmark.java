package retort.tensor.cpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import retort.tensor.Unary;

/// How far must y lie from x, but for whole MiB, for loads from x not to wait for stores to y? The
/// SiLU of 4 MiB, whose chain from load to store is long.
@State(Scope.Thread)
@Fork(
    value = 2,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "-XX:ObjectAlignmentInBytes=64",
      "-XX:+UseTransparentHugePages"
    })
public class AliasBenchmark extends Questions {
  private static final int SIZE = 1 << 20;

  @Param({"-64", "0", "64", "256", "384", "512", "1600"})
  int bytesBeyond;

  private final VectorMaps maps = new VectorMaps();
  private float[] both;

  @Setup
  public void fill() {
    both = numbers(3 * SIZE);
  }

  @Benchmark
  public float[] silu() {
    int y = Scratch.ALIGN + SIZE + SIZE / 4 + bytesBeyond / 4;
    maps.value(Unary.SILU, 0, 0, both, Scratch.ALIGN, both, y, SIZE);
    return both;
  }
}
