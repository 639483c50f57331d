package retort.tensor.cpu;

import java.util.Arrays;
import retort.tensor.contract.KernelContract;

/// The CPU device keeps the contract at every vector width and without vectors, and gives the same
/// bits on one, two and three threads.
class CpuKernelTest extends KernelContract {
  private static final Alike[] CPU = {
    alike("retort.vector.bits", "128", 1, 2),
    alike("retort.vector.bits", "256", 1, 3),
    alike("retort.vector.bits", "512", 1, 2, 3),
    alike("retort.vector", "false", 1, 2)
  };

  CpuKernelTest() {
    super(CPU);
  }

  private static Alike alike(String property, String value, int... teams) {
    Forced forced = new Forced(property, value);
    return new Alike(
        "cpu with " + property + "=" + value,
        Arrays.stream(teams).mapToObj(forced::device).toList());
  }
}
