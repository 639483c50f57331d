// What all kernels share: where a result lands, how sums are folded, how strided blocks are walked.
//
// Rules of every kernel here: no floating-point atomics, every sum in an order that the shapes alone decide, so that
// the same numbers give the same bits; no warp intrinsics, no dynamic shared memory, so that the very same files
// compile as C++ and run in a test on a machine without a GPU.
#pragma once

// Where a gradient lands: written or added to. A null place means that nobody wants it.
struct Slot {
  float* at;
  int adds;

  __device__ bool wanted() const { return at != nullptr; }
  __device__ void land(unsigned i, float v) const { at[i] = adds ? at[i] + v : v; }
};

// The number that this thread computes, where every thread computes one.
__device__ inline unsigned place() { return blockIdx.x * blockDim.x + threadIdx.x; }

// ---- strided blocks

const int AXES = 12;

// The extents of a block, and with which strides two operands are walked over it.
struct Walk {
  int rank;
  int dim[AXES];
  int a[AXES];
  int b[AXES];
};

struct Offsets {
  unsigned a;
  unsigned b;
};

// Where place i of the block lies in both operands.
__device__ inline Offsets offsets(const Walk& w, unsigned i) {
  Offsets o = {0, 0};
  for (int axis = w.rank - 1; axis >= 0; axis--) {
    unsigned above = axis == 0 ? 0 : i / w.dim[axis];
    unsigned at = i - above * w.dim[axis];
    o.a += at * w.a[axis];
    o.b += at * w.b[axis];
    i = above;
  }
  return o;
}

// ---- folding many numbers into one

const unsigned BLOCK = 256;

struct Sum {
  __device__ static double none() { return 0; }
  __device__ static double join(double a, double b) { return a + b; }
};

// NaN wins.
struct Max {
  __device__ static double none() { return -INFINITY; }
  __device__ static double join(double a, double b) { return a > b || a != a ? a : b; }
};

// Folds K running values of every destination over a part of its n terms, into partial [gridDim.y, K, count].
//
// The grid's x cuts the destinations, its y the terms; a block has blockDim.x destinations and blockDim.y lanes, and
// every lane takes each blockDim.y-th term. Lanes are joined pairwise in double precision. A kernel ...Parts ends so,
// and a kernel ...End takes up what it left.
template <class Fold, int K, class Terms>
__device__ void foldParts(unsigned count, unsigned n, double* partial, Terms terms) {
  __shared__ double lanes[K][BLOCK];
  unsigned d = place(), lane = threadIdx.y * blockDim.x + threadIdx.x;
  unsigned length = (n + gridDim.y - 1) / gridDim.y;
  unsigned from = blockIdx.y * length, to = from + length < n ? from + length : n;
  double value[K];
  for (int k = 0; k < K; k++) value[k] = Fold::none();
  if (d < count) {
    for (unsigned r = from + threadIdx.y; r < to; r += blockDim.y) terms(d, r, value);
  }
  for (int k = 0; k < K; k++) lanes[k][lane] = value[k];
  for (unsigned half = blockDim.y / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.y < half) {
      for (int k = 0; k < K; k++) {
        lanes[k][lane] = Fold::join(lanes[k][lane], lanes[k][lane + half * blockDim.x]);
      }
    }
  }
  if (threadIdx.y == 0 && d < count) {
    for (int k = 0; k < K; k++) partial[(blockIdx.y * K + k) * count + d] = lanes[k][lane];
  }
}

// Joins what foldParts left of value k of a destination, part after part.
template <class Fold, int K>
__device__ double whole(const double* partial, unsigned parts, unsigned count, int k, unsigned d) {
  double v = Fold::none();
  for (unsigned p = 0; p < parts; p++) v = Fold::join(v, partial[(p * K + k) * count + d]);
  return v;
}

// Joins one value of every thread of a block of one row; all threads get the result.
template <class Fold>
__device__ double across(double v) {
  __shared__ double lanes[BLOCK];
  __syncthreads(); // the last round's result has been read
  lanes[threadIdx.x] = v;
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) {
      lanes[threadIdx.x] = Fold::join(lanes[threadIdx.x], lanes[threadIdx.x + half]);
    }
  }
  __syncthreads();
  return lanes[0];
}
