/// Tensors, the operations on them, the tape that differentiates, and the devices that compute.
module retort.tensor {
  requires jdk.incubator.vector;
  requires static org.junit.jupiter.api;

  exports retort.tensor;
  exports retort.tensor.gradcheck;
  exports retort.tensor.gradcheck.junit;
  exports retort.tensor.op;

  uses retort.tensor.DeviceProvider;
}
