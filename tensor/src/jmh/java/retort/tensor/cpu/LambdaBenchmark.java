package retort.tensor.cpu;

import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// May elementwise functions share one vector loop and hand it their body as a lambda? With several
/// bodies C2 inlines none of them, and every vector becomes an object.
@State(Scope.Thread)
public class LambdaBenchmark extends Questions {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private final float[] x = numbers(4096);
  private final float[] y = new float[4096];

  @Benchmark
  public float[] threeLoops() {
    for (int i = 0; i < x.length; i += S.length()) {
      FloatVector.fromArray(S, x, i).abs().intoArray(y, i);
    }
    for (int i = 0; i < x.length; i += S.length()) {
      FloatVector.fromArray(S, x, i).neg().intoArray(y, i);
    }
    for (int i = 0; i < x.length; i += S.length()) {
      FloatVector.fromArray(S, x, i).max(0).intoArray(y, i);
    }
    return y;
  }

  @Benchmark
  public float[] oneLoopThreeLambdas() {
    map(FloatVector::abs);
    map(FloatVector::neg);
    map(v -> v.max(0));
    return y;
  }

  private void map(UnaryOperator<FloatVector> f) {
    for (int i = 0; i < x.length; i += S.length()) {
      f.apply(FloatVector.fromArray(S, x, i)).intoArray(y, i);
    }
  }
}
