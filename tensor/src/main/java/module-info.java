/// Tensors, the operations on them, the tape that differentiates, and the devices that compute.
@SuppressWarnings("module") // the compiler of this module doesn't see the one it exports a ruler to
module retort.tensor {
  requires jdk.incubator.vector;
  requires jdk.management;
  requires static org.junit.jupiter.api;

  exports retort.tensor;
  exports retort.tensor.gradcheck;
  exports retort.tensor.gradcheck.junit;
  exports retort.tensor.op;
  exports retort.tensor.cpu to
      retort.experiments;

  uses retort.tensor.DeviceProvider;
}
