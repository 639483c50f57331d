package retort.gpu;

import java.util.List;
import retort.tensor.Device;
import retort.tensor.contract.KernelContract;

/// Every verb keeps the contract on a real card, in float32, with and without graphs; skipped, with
/// what is missing, where there is none.
class GpuKernelTest extends KernelContract {
  GpuKernelTest() {
    super(new Alike("the card", List.of(open(false), open(true))));
  }

  private static Device open(boolean graphs) {
    Card.assumed();
    return new CudaDevice(Installation.open(), Precision.Choice.of(Precision.FLOAT32), graphs);
  }
}
