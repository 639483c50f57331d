/// The CUDA device. Nobody imports it: it is found as a service by its name.
module retort.gpu {
  requires retort.tensor;
  requires jcuda;

  provides retort.tensor.DeviceProvider with
      retort.gpu.CudaProvider;
}
