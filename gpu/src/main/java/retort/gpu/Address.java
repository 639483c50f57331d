package retort.gpu;

import jcuda.driver.CUdeviceptr;

/// An address on the card as a number. JCuda keeps its pointers' values to their own class, and
/// takes a number as the distance from nothing.
final class Address extends CUdeviceptr {
  Address() {}

  static CUdeviceptr of(long value) {
    return new Address().withByteOffset(value);
  }

  long value() {
    return getNativePointer() + getByteOffset();
  }
}
