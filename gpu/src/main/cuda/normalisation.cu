// Batch and layer normalisation, and the modulation of adaptive layer norm.
#include "common.cuh"

// Numbers about 0 as they are, others less the column's first: squares of what is left don't cancel.
extern "C" __global__ void momentsParts(unsigned cols, unsigned rows, const float* x, double* partial) {
  foldParts<Sum, 2>(cols, rows, partial, [&](unsigned c, unsigned r, double* sum) {
    double v = (double)x[r * cols + c] - x[c];
    sum[0] += v;
    sum[1] += v * v;
  });
}

extern "C" __global__ void momentsEnd(
    unsigned cols, unsigned parts, const double* partial, unsigned rows, const float* x, float* stats) {
  unsigned c = place();
  if (c >= cols) return;
  double mean = whole<Sum, 2>(partial, parts, cols, 0, c) / rows;
  double square = whole<Sum, 2>(partial, parts, cols, 1, c) / rows;
  stats[c] = (float)(x[c] + mean);
  stats[cols + c] = (float)fmax(square - mean * mean, 0.0);
}

extern "C" __global__ void momentsGrad(
    unsigned n, unsigned cols, unsigned rows, const float* x, const float* stats, const float* dstats, Slot dx) {
  unsigned i = place(), c = i % cols;
  if (i < n) dx.land(i, (dstats[c] + 2 * dstats[cols + c] * (x[i] - stats[c])) / rows);
}

// stats [2, cols] = mean, variance; residual may be null.
extern "C" __global__ void batchNorm(
    unsigned n, unsigned cols, float eps, int relu, const float* x, const float* stats, const float* gamma,
    const float* beta, const float* residual, float* y) {
  unsigned i = place(), c = i % cols;
  if (i >= n) return;
  float v = (x[i] - stats[c]) / sqrtf(stats[cols + c] + eps) * gamma[c] + beta[c];
  if (residual != nullptr) v += residual[i];
  y[i] = relu && v <= 0 ? 0 : v;
}

// dy, or 0 where ReLU held y down.
__device__ inline float through(int relu, const float* y, const float* dy, unsigned i) {
  return relu && !(y[i] > 0) ? 0 : dy[i];
}

// The sums of dy and of dy with the normalised x.
extern "C" __global__ void batchNormGradParts(
    unsigned cols, unsigned rows, float eps, int relu, const float* x, const float* stats, const float* y,
    const float* dy, double* partial) {
  foldParts<Sum, 2>(cols, rows, partial, [&](unsigned c, unsigned r, double* sum) {
    unsigned i = r * cols + c;
    float v = through(relu, y, dy, i);
    sum[0] += v;
    sum[1] += v * ((x[i] - stats[c]) / sqrtf(stats[cols + c] + eps));
  });
}

// The parameters' gradients, and both sums [2, cols] for batchNormGradInput.
extern "C" __global__ void batchNormGradEnd(
    unsigned cols, unsigned parts, const double* partial, float* sums, Slot dgamma, Slot dbeta) {
  unsigned c = place();
  if (c >= cols) return;
  float sum = (float)whole<Sum, 2>(partial, parts, cols, 0, c), dot = (float)whole<Sum, 2>(partial, parts, cols, 1, c);
  sums[c] = sum;
  sums[cols + c] = dot;
  if (dgamma.wanted()) dgamma.land(c, dot);
  if (dbeta.wanted()) dbeta.land(c, sum);
}

extern "C" __global__ void batchNormGradInput(
    unsigned n, unsigned cols, unsigned rows, float eps, int relu, int batchStats, const float* x, const float* stats,
    const float* gamma, const float* y, const float* dy, const float* sums, Slot dx, Slot dresidual) {
  unsigned i = place(), c = i % cols;
  if (i >= n) return;
  float v = through(relu, y, dy, i), root = sqrtf(stats[cols + c] + eps);
  if (dresidual.wanted()) dresidual.land(i, v);
  if (!dx.wanted()) return;
  if (batchStats) v -= (sums[c] + (x[i] - stats[c]) / root * sums[cols + c]) / rows;
  dx.land(i, gamma[c] / root * v);
}

// A block a row; gamma and beta may both be null. Writes stats [rows, 2] = mean, 1 / sqrt(var + eps).
extern "C" __global__ void layerNorm(
    unsigned cols, float eps, const float* x, const float* gamma, const float* beta, float* stats, float* y) {
  x += blockIdx.x * cols;
  y += blockIdx.x * cols;
  double sum = 0, squares = 0;
  for (unsigned j = threadIdx.x; j < cols; j += blockDim.x) sum += x[j];
  double mean = across<Sum>(sum) / cols;
  for (unsigned j = threadIdx.x; j < cols; j += blockDim.x) squares += (x[j] - mean) * (x[j] - mean);
  float rstd = (float)(1 / sqrt(across<Sum>(squares) / cols + eps)), centre = (float)mean;
  if (threadIdx.x == 0) {
    stats[2 * blockIdx.x] = centre;
    stats[2 * blockIdx.x + 1] = rstd;
  }
  for (unsigned j = threadIdx.x; j < cols; j += blockDim.x) {
    float v = (x[j] - centre) * rstd;
    y[j] = gamma == nullptr ? v : v * gamma[j] + beta[j];
  }
}

// A block a row.
extern "C" __global__ void layerNormGradInput(
    unsigned cols, const float* x, const float* gamma, const float* stats, const float* dy, Slot dx) {
  unsigned row = blockIdx.x * cols;
  float mean = stats[2 * blockIdx.x], rstd = stats[2 * blockIdx.x + 1];
  double sum = 0, dot = 0; // of dy gamma, and of that with the normalised x
  for (unsigned j = threadIdx.x; j < cols; j += blockDim.x) {
    float v = gamma == nullptr ? dy[row + j] : dy[row + j] * gamma[j];
    sum += v;
    dot += v * ((x[row + j] - mean) * rstd);
  }
  float meanSum = (float)(across<Sum>(sum) / cols), meanDot = (float)(across<Sum>(dot) / cols);
  for (unsigned j = threadIdx.x; j < cols; j += blockDim.x) {
    float v = gamma == nullptr ? dy[row + j] : dy[row + j] * gamma[j];
    dx.land(row + j, rstd * (v - meanSum - (x[row + j] - mean) * rstd * meanDot));
  }
}

extern "C" __global__ void layerNormGradParts(
    unsigned cols, unsigned rows, const float* x, const float* stats, const float* dy, double* partial) {
  foldParts<Sum, 2>(cols, rows, partial, [&](unsigned c, unsigned r, double* sum) {
    float d = dy[r * cols + c];
    sum[0] += d * ((x[r * cols + c] - stats[2 * r]) * stats[2 * r + 1]);
    sum[1] += d;
  });
}

extern "C" __global__ void layerNormGradEnd(
    unsigned cols, unsigned parts, const double* partial, Slot dgamma, Slot dbeta) {
  unsigned c = place();
  if (c >= cols) return;
  if (dgamma.wanted()) dgamma.land(c, (float)whole<Sum, 2>(partial, parts, cols, 0, c));
  if (dbeta.wanted()) dbeta.land(c, (float)whole<Sum, 2>(partial, parts, cols, 1, c));
}

// Shift, scale and gate are columns of ada [rows, width].
extern "C" __global__ void modulate(
    unsigned n, unsigned cols, unsigned width, unsigned shift, unsigned scale, const float* x, const float* ada,
    float* y) {
  unsigned i = place(), at = i / cols * width + i % cols;
  if (i < n) y[i] = x[i] * (1 + ada[at + scale]) + ada[at + shift];
}

extern "C" __global__ void modulateGrad(
    unsigned n, unsigned cols, unsigned width, unsigned shift, unsigned scale, const float* x, const float* ada,
    const float* dy, Slot dx, Slot dada) {
  unsigned i = place(), at = i / cols * width + i % cols;
  if (i >= n) return;
  if (dx.wanted()) dx.land(i, dy[i] * (1 + ada[at + scale]));
  if (!dada.wanted()) return;
  dada.land(at + scale, dy[i] * x[i]);
  dada.land(at + shift, dy[i]);
}

extern "C" __global__ void gatedAdd(
    unsigned n, unsigned cols, unsigned width, unsigned gate, const float* h, const float* ada, const float* u,
    float* y) {
  unsigned i = place();
  if (i < n) y[i] = h[i] + ada[i / cols * width + i % cols + gate] * u[i];
}

extern "C" __global__ void gatedAddGrad(
    unsigned n, unsigned cols, unsigned width, unsigned gate, const float* ada, const float* u, const float* dy,
    Slot dh, Slot dada, Slot du) {
  unsigned i = place(), at = i / cols * width + i % cols + gate;
  if (i >= n) return;
  float d = dy[i], g = ada[at], v = u[i];
  if (dh.wanted()) dh.land(i, d);
  if (dada.wanted()) dada.land(at, d * v);
  if (du.wanted()) du.land(i, d * g);
}
