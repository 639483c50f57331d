// Sums, means and maxima over the middle of [outer, n, inner].
#include "common.cuh"

// In the order of retort.tensor.Reduction.
enum Reduction { SUM, MEAN, MAX };

extern "C" __global__ void sumParts(unsigned count, unsigned n, unsigned inner, const float* x, double* partial) {
  foldParts<Sum, 1>(count, n, partial, [&](unsigned d, unsigned r, double* sum) {
    sum[0] += x[(d / inner * n + r) * inner + d % inner];
  });
}

extern "C" __global__ void maxParts(unsigned count, unsigned n, unsigned inner, const float* x, double* partial) {
  foldParts<Max, 1>(count, n, partial, [&](unsigned d, unsigned r, double* most) {
    most[0] = Max::join(most[0], x[(d / inner * n + r) * inner + d % inner]);
  });
}

extern "C" __global__ void sumEnd(unsigned count, unsigned parts, const double* partial, double divisor, Slot y) {
  unsigned d = place();
  if (d < count) y.land(d, (float)(whole<Sum, 1>(partial, parts, count, 0, d) / divisor));
}

extern "C" __global__ void maxEnd(unsigned count, unsigned parts, const double* partial, Slot y) {
  unsigned d = place();
  if (d < count) y.land(d, (float)whole<Max, 1>(partial, parts, count, 0, d));
}

// The gradient of MAX goes to the first of equal maxima.
extern "C" __global__ void reduceGrad(
    int f, unsigned size, unsigned n, unsigned inner, const float* x, const float* y, const float* dy, Slot dx) {
  unsigned i = place();
  if (i >= size) return;
  unsigned row = i / inner, o = row / n, d = o * inner + i % inner;
  float v = dy[d];
  if (f == MEAN) v /= n;
  if (f == MAX) {
    bool first = x[i] == y[d];
    for (unsigned j = o * n; first && j < row; j++) first = x[j * inner + i % inner] != y[d];
    if (!first) v = 0;
  }
  dx.land(i, v);
}

extern "C" __global__ void sumSquaresParts(unsigned count, unsigned n, const float* x, double* partial) {
  foldParts<Sum, 1>(count, n, partial, [&](unsigned d, unsigned r, double* sum) { sum[0] += (double)x[r] * x[r]; });
}

extern "C" __global__ void sumSquaresEnd(unsigned count, unsigned parts, const double* partial, double* sum) {
  if (place() < count) *sum = whole<Sum, 1>(partial, parts, 1, 0, 0);
}
