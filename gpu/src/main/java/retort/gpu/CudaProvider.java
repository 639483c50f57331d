package retort.gpu;

import java.util.List;
import retort.tensor.Device;
import retort.tensor.DeviceProvider;

/// The device `cuda`. It opens the first card; `CUDA_VISIBLE_DEVICES` says which that is.
public final class CudaProvider implements DeviceProvider {
  /// The service loader makes one.
  public CudaProvider() {}

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public Device open() {
    return new CudaDevice(Installation.open(), Precision.Choice.chosen(), Queue.graphsChosen());
  }

  @Override
  public List<Finding> examine() {
    return Installation.examine();
  }
}
