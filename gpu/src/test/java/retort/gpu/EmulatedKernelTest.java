package retort.gpu;

import java.util.List;
import retort.tensor.contract.KernelContract;

/// Every verb of the CUDA device keeps the contract on the emulated card: kernels, launches and
/// products as they are on a real one, but for the card's own rounding of exp and its like.
class EmulatedKernelTest extends KernelContract {
  EmulatedKernelTest() {
    super(new Alike("the emulated card", List.of(Emulator.card())));
  }
}
