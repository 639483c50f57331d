package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The vector width of all kernels: `-Dretort.vector.bits=128`, `256` or `512`, else what the
/// processor prefers. Each class with a vector loop reads the species into a `static final` field
/// of its own, for C2 makes fast code only of a species it sees as a constant.
final class Lanes {
  static final VectorSpecies<Float> SPECIES = species();

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    String bits = System.getProperty("retort.vector.bits");
    return switch (bits) {
      case null -> FloatVector.SPECIES_PREFERRED;
      case "128", "256", "512" ->
          VectorSpecies.of(float.class, VectorShape.forBitSize(Integer.parseInt(bits)));
      default ->
          throw new IllegalArgumentException(
              "retort.vector.bits is 128, 256 or 512, got '" + bits + "'");
    };
  }
}
