package retort.tensor.cpu;

import java.util.List;
import retort.tensor.contract.KernelContract;

/// The CPU device keeps the contract at every vector width and without vectors, and gives the same
/// bits on one, two and three threads.
class CpuKernelTest extends KernelContract {
  private static final Alike[] CPU = {
    alike("retort.vector.bits", "128"),
    alike("retort.vector.bits", "256"),
    alike("retort.vector.bits", "512"),
    alike("retort.vector", "false")
  };

  CpuKernelTest() {
    super(CPU);
  }

  private static Alike alike(String property, String value) {
    Forced forced = new Forced(property, value);
    return new Alike(
        "cpu with " + property + "=" + value,
        List.of(forced.device(1), forced.device(2), forced.device(3)));
  }
}
