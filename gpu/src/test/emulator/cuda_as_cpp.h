// Lets the .cu files compile as C++: what CUDA C adds to the language, for threads that take turns.
#pragma once
#include <math.h>
#include <string.h>

#include <algorithm>

using std::max;
using std::min;

#define __global__
#define __device__
#define __shared__ static // one block runs at a time

struct dim3 {
  unsigned x, y, z;
};

extern dim3 threadIdx, blockIdx, blockDim, gridDim;

void __syncthreads();

inline float __int_as_float(int bits) {
  float v;
  memcpy(&v, &bits, sizeof v);
  return v;
}

inline int __float_as_int(float v) {
  int bits;
  memcpy(&bits, &v, sizeof v);
  return bits;
}

inline float normcdff(float x) { return (float)(0.5 * erfc(-x * M_SQRT1_2)); }
