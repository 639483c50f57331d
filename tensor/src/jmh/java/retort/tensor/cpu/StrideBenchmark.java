package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What does a micro-kernel lose whose row stride is known only at run time? Each row then wants an
/// address and a range check of its own. Eight rows of one vector, summed over k.
@State(Scope.Thread)
public class StrideBenchmark extends Questions {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = S.length();
  private static final int K = 256;

  private final float[] a = numbers(8 * K);
  private final float[] b = numbers(K * L);
  private final float[] c = new float[8 * L];
  private int stride = K;

  @Benchmark
  public float[] constantStride() {
    constant(a, b, c);
    return c;
  }

  @Benchmark
  public float[] strideAtRunTime() {
    variable(a, stride, b, c);
    return c;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static void constant(float[] a, float[] b, float[] c) {
    FloatVector r0 = FloatVector.zero(S), r1 = r0, r2 = r0, r3 = r0;
    FloatVector r4 = r0, r5 = r0, r6 = r0, r7 = r0;
    for (int k = 0; k < K; k++) {
      FloatVector v = FloatVector.fromArray(S, b, k * L);
      r0 = v.fma(FloatVector.broadcast(S, a[k]), r0);
      r1 = v.fma(FloatVector.broadcast(S, a[K + k]), r1);
      r2 = v.fma(FloatVector.broadcast(S, a[2 * K + k]), r2);
      r3 = v.fma(FloatVector.broadcast(S, a[3 * K + k]), r3);
      r4 = v.fma(FloatVector.broadcast(S, a[4 * K + k]), r4);
      r5 = v.fma(FloatVector.broadcast(S, a[5 * K + k]), r5);
      r6 = v.fma(FloatVector.broadcast(S, a[6 * K + k]), r6);
      r7 = v.fma(FloatVector.broadcast(S, a[7 * K + k]), r7);
    }
    store(c, r0, r1, r2, r3);
    r4.add(r5).add(r6).add(r7).intoArray(c, 4 * L);
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static void variable(float[] a, int s, float[] b, float[] c) {
    FloatVector r0 = FloatVector.zero(S), r1 = r0, r2 = r0, r3 = r0;
    FloatVector r4 = r0, r5 = r0, r6 = r0, r7 = r0;
    for (int k = 0; k < K; k++) {
      FloatVector v = FloatVector.fromArray(S, b, k * L);
      r0 = v.fma(FloatVector.broadcast(S, a[k]), r0);
      r1 = v.fma(FloatVector.broadcast(S, a[s + k]), r1);
      r2 = v.fma(FloatVector.broadcast(S, a[2 * s + k]), r2);
      r3 = v.fma(FloatVector.broadcast(S, a[3 * s + k]), r3);
      r4 = v.fma(FloatVector.broadcast(S, a[4 * s + k]), r4);
      r5 = v.fma(FloatVector.broadcast(S, a[5 * s + k]), r5);
      r6 = v.fma(FloatVector.broadcast(S, a[6 * s + k]), r6);
      r7 = v.fma(FloatVector.broadcast(S, a[7 * s + k]), r7);
    }
    store(c, r0, r1, r2, r3);
    r4.add(r5).add(r6).add(r7).intoArray(c, 4 * L);
  }

  private static void store(
      float[] c, FloatVector r0, FloatVector r1, FloatVector r2, FloatVector r3) {
    r0.intoArray(c, 0);
    r1.intoArray(c, L);
    r2.intoArray(c, 2 * L);
    r3.intoArray(c, 3 * L);
  }
}
