package retort.experiments.run;

import retort.experiments.Machine;

/// What decides how a device rounds. Runs that differ here differ in their last digits, and after
/// some steps in all.
///
/// @param exact whether convolutions go without Winograd's algorithm, as `--exact` asks
/// @param vectorBits width of the vectors that kernels on the processor use; 0 where they use none
/// @param products what `-Dretort.cuda.products` and `-Dretort.cuda.coarse` ask matrix products on
///   a card to multiply in; empty elsewhere
public record Arithmetic(boolean exact, int vectorBits, String products) {
  private static final String CARD = "cuda";

  public static Arithmetic of(String device) {
    boolean vectors =
        Boolean.parseBoolean(System.getProperty("retort.vector", "true"))
            && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return new Arithmetic(
        Boolean.getBoolean("retort.exact"),
        vectors ? Machine.current().vectorBits() : 0,
        device.equals(CARD) ? asked() : "");
  }

  private static String asked() {
    String all = System.getProperty("retort.cuda.products", "as built");
    String coarse = System.getProperty("retort.cuda.coarse");
    return coarse == null ? all : all + ", coarse ones " + coarse;
  }
}
