// Softmax and cross-entropy: a block a row.
#include "common.cuh"

// The row's largest number, and the logarithm of the sum of exponentials above it.
struct Normaliser {
  float most;
  float logSum;
};

__device__ inline Normaliser normaliser(const float* x, unsigned cols) {
  double most = Max::none(), sum = 0;
  for (unsigned j = threadIdx.x; j < cols; j += blockDim.x) most = Max::join(most, x[j]);
  float m = (float)across<Max>(most);
  for (unsigned j = threadIdx.x; j < cols; j += blockDim.x) sum += expf(x[j] - m);
  return {m, logf((float)across<Sum>(sum))};
}

extern "C" __global__ void softmax(unsigned cols, int log, const float* x, float* y) {
  x += blockIdx.x * cols;
  y += blockIdx.x * cols;
  Normaliser norm = normaliser(x, cols);
  for (unsigned j = threadIdx.x; j < cols; j += blockDim.x) {
    float p = x[j] - norm.most - norm.logSum;
    y[j] = log ? p : expf(p);
  }
}

extern "C" __global__ void softmaxGrad(unsigned cols, int log, const float* y, const float* dy, Slot dx) {
  unsigned row = blockIdx.x * cols;
  double dot = 0;
  for (unsigned i = row + threadIdx.x; i < row + cols; i += blockDim.x) dot += log ? dy[i] : dy[i] * y[i];
  float sum = (float)across<Sum>(dot);
  for (unsigned i = row + threadIdx.x; i < row + cols; i += blockDim.x) {
    dx.land(i, log ? dy[i] - expf(y[i]) * sum : y[i] * (dy[i] - sum));
  }
}

extern "C" __global__ void crossEntropy(
    unsigned cols, const int* labels, float smoothing, const float* x, float* p, float* loss) {
  x += blockIdx.x * cols;
  p += blockIdx.x * cols;
  Normaliser norm = normaliser(x, cols);
  double all = 0;
  for (unsigned j = threadIdx.x; j < cols; j += blockDim.x) {
    float logp = x[j] - norm.most - norm.logSum;
    p[j] = expf(logp);
    all += logp;
  }
  double sum = across<Sum>(all);
  if (threadIdx.x == 0) {
    double logp = x[labels[blockIdx.x]] - norm.most - norm.logSum;
    loss[blockIdx.x] = (float)(smoothing == 0 ? -logp : -(1 - smoothing) * logp - smoothing / cols * sum);
  }
}

extern "C" __global__ void crossEntropyGrad(
    unsigned n, unsigned cols, const int* labels, float smoothing, const float* p, const float* dloss, Slot dx) {
  unsigned i = place();
  if (i >= n) return;
  unsigned row = i / cols;
  float target = (i % cols == (unsigned)labels[row] ? 1 - smoothing : 0) + smoothing / cols;
  dx.land(i, dloss[row] * (p[i] - target));
}
