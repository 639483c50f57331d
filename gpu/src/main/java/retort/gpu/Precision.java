package retort.gpu;

/// In what matrix products multiply; sums are float32 always.
public enum Precision {
  FLOAT32,
  /// Factors rounded to 10 bits of mantissa on the card's matrix units: the default, as training
  /// doesn't notice it.
  TF32,
  /// Factors stored as bfloat16, half the bytes and 7 bits of mantissa.
  BFLOAT16;

  /// What `-Dretort.cuda.products` asks for.
  static Precision chosen() {
    String name = System.getProperty("retort.cuda.products", "tf32");
    for (Precision p : values()) if (p.name().equalsIgnoreCase(name)) return p;
    throw new IllegalArgumentException(
        "-Dretort.cuda.products=" + name + ": wants float32, tf32 or bfloat16");
  }
}
