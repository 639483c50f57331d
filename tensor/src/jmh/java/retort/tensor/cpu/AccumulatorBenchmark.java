package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// How many sums must a reduction keep at once, so that one addition need not wait for the last?
@State(Scope.Thread)
public class AccumulatorBenchmark extends Questions {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = S.length();

  private final float[] x = numbers(4096);

  @Benchmark
  public float plainLoop() {
    float sum = 0;
    for (float v : x) sum += v * v;
    return sum;
  }

  @Benchmark
  public float one() {
    FloatVector a = FloatVector.zero(S);
    for (int i = 0; i < x.length; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      a = v.fma(v, a);
    }
    return a.reduceLanes(VectorOperators.ADD);
  }

  @Benchmark
  public float two() {
    FloatVector a = FloatVector.zero(S), b = a;
    for (int i = 0; i < x.length; i += 2 * L) {
      FloatVector v = FloatVector.fromArray(S, x, i), w = FloatVector.fromArray(S, x, i + L);
      a = v.fma(v, a);
      b = w.fma(w, b);
    }
    return a.add(b).reduceLanes(VectorOperators.ADD);
  }

  @Benchmark
  public float four() {
    FloatVector a = FloatVector.zero(S), b = a, c = a, d = a;
    for (int i = 0; i < x.length; i += 4 * L) {
      FloatVector v = FloatVector.fromArray(S, x, i), w = FloatVector.fromArray(S, x, i + L);
      a = v.fma(v, a);
      b = w.fma(w, b);
      v = FloatVector.fromArray(S, x, i + 2 * L);
      w = FloatVector.fromArray(S, x, i + 3 * L);
      c = v.fma(v, c);
      d = w.fma(w, d);
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }
}
