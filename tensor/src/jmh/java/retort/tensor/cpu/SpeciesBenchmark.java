package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What does a vector species cost that C2 doesn't see as a constant? It then makes every vector an
/// object.
@State(Scope.Thread)
public class SpeciesBenchmark extends Questions {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private final float[] x = numbers(1024);
  private final float[] y = new float[1024];

  /// A kernel that is handed one species in some calls and another in others.
  private final VectorSpecies<Float> either = S;

  private final VectorSpecies<Float> half =
      S.length() > 4 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_64;

  @Benchmark
  public float[] constant() {
    for (int i = 0; i < x.length; i += S.length()) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      v.fma(v, v).intoArray(y, i);
    }
    return y;
  }

  @Benchmark
  public float[] parameter() {
    kernel(either, x, y);
    return y;
  }

  @Benchmark
  public float[] parameterOfTwoKinds() {
    kernel(either, x, y);
    kernel(half, x, y);
    return y;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static void kernel(VectorSpecies<Float> s, float[] x, float[] y) {
    for (int i = 0; i < x.length; i += s.length()) {
      FloatVector v = FloatVector.fromArray(s, x, i);
      v.fma(v, v).intoArray(y, i);
    }
  }
}
