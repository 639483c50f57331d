package retort.gpu;

import org.junit.jupiter.api.Assumptions;
import retort.tensor.DeviceProvider.Finding;

/// A real card, for the tests that need one.
final class Card {
  private Card() {}

  /// Skips the test where something is missing, in the words of `retort doctor`.
  static void assumed() {
    Assumptions.assumeFalse(
        Emulator.isInstalled(), "needs a CUDA card, and this process has the emulated one");
    for (Finding f : Installation.examine()) {
      Assumptions.assumeTrue(
          f.remedy().isEmpty(), "needs a CUDA card: " + f.value() + "; " + f.remedy());
    }
  }
}
