package retort.gpu;

/// In what matrix products multiply; sums are float32 always.
public enum Precision {
  FLOAT32,
  /// Factors rounded to 10 bits of mantissa on the card's matrix units: the default, as training
  /// doesn't notice it.
  TF32,
  /// Factors stored as bfloat16, half the bytes and 7 bits of mantissa.
  BFLOAT16;

  /// Of all products, and of those that may be coarse ([retort.tensor.Product#coarse]).
  record Choice(Precision all, Precision coarse) {
    static Choice of(Precision all) {
      return new Choice(all, all);
    }

    /// What `-Dretort.cuda.products` and `-Dretort.cuda.coarse` ask for.
    static Choice chosen() {
      Precision all = chosen("retort.cuda.products", TF32);
      return new Choice(all, chosen("retort.cuda.coarse", all));
    }

    private static Precision chosen(String option, Precision otherwise) {
      String name = System.getProperty(option, otherwise.name());
      for (Precision p : values()) if (p.name().equalsIgnoreCase(name)) return p;
      throw new IllegalArgumentException(
          "-D" + option + "=" + name + ": wants float32, tf32 or bfloat16");
    }
  }
}
