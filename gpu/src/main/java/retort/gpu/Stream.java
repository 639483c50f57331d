package retort.gpu;

import jcuda.driver.CUstream;

/// A stream whose handle other libraries of the vendor can be given.
final class Stream extends CUstream {
  long handle() {
    return getNativePointer();
  }
}
