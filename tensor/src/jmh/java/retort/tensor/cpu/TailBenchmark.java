package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// How should a loop end whose length no vector divides: with a mask in every turn, a mask at the
/// end, or single numbers?
@State(Scope.Thread)
public class TailBenchmark extends Questions {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  @Param({"37", "1021"})
  int size;

  private final float[] x = numbers(1024);
  private final float[] y = numbers(1024);

  @Benchmark
  public float[] maskInEveryTurn() {
    for (int i = 0; i < size; i += S.length()) {
      VectorMask<Float> m = S.indexInRange(i, size);
      FloatVector v = FloatVector.fromArray(S, x, i, m);
      v.fma(v, FloatVector.fromArray(S, y, i, m)).intoArray(y, i, m);
    }
    return y;
  }

  @Benchmark
  public float[] maskAtTheEnd() {
    int i = whole();
    VectorMask<Float> m = S.indexInRange(i, size);
    FloatVector v = FloatVector.fromArray(S, x, i, m);
    v.fma(v, FloatVector.fromArray(S, y, i, m)).intoArray(y, i, m);
    return y;
  }

  @Benchmark
  public float[] singleNumbersAtTheEnd() {
    for (int i = whole(); i < size; i++) y[i] = Math.fma(x[i], x[i], y[i]);
    return y;
  }

  private int whole() {
    int i = 0;
    for (; i < S.loopBound(size); i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      v.fma(v, FloatVector.fromArray(S, y, i)).intoArray(y, i);
    }
    return i;
  }
}
