// The kernels as C++, by name. The build writes kernels.inc, a line a kernel: KERNEL(family, name). The families are kept
// apart, for C++ puts all in one file.
#include "kernels.h"

#include <tuple>
#include <utility>

#include "cuda_as_cpp.h"
//
#include "common.cuh"

namespace convolution_ {
#include "convolution.cu"
}
namespace elementwise_ {
#include "elementwise.cu"
}
namespace moves_ {
#include "moves.cu"
}
namespace normalisation_ {
#include "normalisation.cu"
}
namespace optimisers_ {
#include "optimisers.cu"
}
namespace pooling_ {
#include "pooling.cu"
}
namespace random_ {
#include "random.cu"
}
namespace reductions_ {
#include "reductions.cu"
}
namespace softmax_ {
#include "softmax.cu"
}

namespace {
template <class... A, size_t... I>
std::function<void()> threadOf(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
  return [kernel, copies = std::make_tuple(*(A*)arguments[I]...)] { std::apply(kernel, copies); };
}

template <class... A>
std::function<void()> threadOf(void (*kernel)(A...), void** arguments) {
  return threadOf(kernel, arguments, std::index_sequence_for<A...>());
}
} // namespace

const Kernel* kernelNamed(const char* name) {
  static const Kernel all[] = {
#define KERNEL(family, name) {#name, [](void** arguments) { return threadOf(family##_::name, arguments); }},
#include "kernels.inc"
#undef KERNEL
  };
  for (const Kernel& k : all) {
    if (strcmp(k.name, name) == 0) return &k;
  }
  return nullptr;
}
