// Maxima and means of windows over images [n, h, w, c]. On the way back a place of x asks the windows that it lies in.
#include "common.cuh"

struct Pooling {
  int n, h, w, c, k, stride, pad, countPad, oh, ow;
};

struct Place {
  int n, i, j, c;
};

// Where number i of an image block [_, h, w, c] lies.
__device__ inline Place placed(unsigned i, int h, int w, int c) {
  return {(int)(i / c / w / h), (int)(i / c / w % h), (int)(i / c % w), (int)(i % c)};
}

__device__ inline bool inside(const Pooling& g, int h, int w) { return h >= 0 && w >= 0 && h < g.h && w < g.w; }

extern "C" __global__ void maxPool(unsigned n, Pooling g, const float* x, float* y) {
  unsigned o = place();
  if (o >= n) return;
  Place p = placed(o, g.oh, g.ow, g.c);
  double most = Max::none();
  for (int a = 0; a < g.k; a++) {
    for (int b = 0; b < g.k; b++) {
      int h = p.i * g.stride + a - g.pad, w = p.j * g.stride + b - g.pad;
      if (inside(g, h, w)) most = Max::join(most, x[((p.n * g.h + h) * g.w + w) * g.c + p.c]);
    }
  }
  y[o] = (float)most;
}

// Whether (h, w) holds the first number of window (i, j) that equals its maximum.
__device__ inline bool isFirst(const Pooling& g, const float* x, float most, Place p, int i, int j, int h, int w) {
  for (int a = i * g.stride - g.pad; a <= h; a++) {
    for (int b = j * g.stride - g.pad; b < j * g.stride - g.pad + g.k; b++) {
      if (a == h && b == w) return x[((p.n * g.h + h) * g.w + w) * g.c + p.c] == most;
      if (inside(g, a, b) && x[((p.n * g.h + a) * g.w + b) * g.c + p.c] == most) return false;
    }
  }
  return false;
}

extern "C" __global__ void maxPoolGrad(
    unsigned n, Pooling g, const float* x, const float* y, const float* dy, Slot dx) {
  unsigned at = place();
  if (at >= n) return;
  Place p = placed(at, g.h, g.w, g.c);
  float sum = 0;
  for (int a = 0; a < g.k; a++) {
    for (int b = 0; b < g.k; b++) {
      int i = p.i + g.pad - a, j = p.j + g.pad - b;
      if (i < 0 || j < 0 || i % g.stride != 0 || j % g.stride != 0) continue;
      i /= g.stride;
      j /= g.stride;
      if (i >= g.oh || j >= g.ow) continue;
      unsigned o = ((p.n * g.oh + i) * g.ow + j) * g.c + p.c;
      if (isFirst(g, x, y[o], p, i, j, p.i, p.j)) sum += dy[o];
    }
  }
  dx.land(at, sum);
}

// How many numbers window (i, j) averages.
__device__ inline int counted(const Pooling& g, int i, int j) {
  if (g.countPad) return g.k * g.k;
  int top = i * g.stride - g.pad, left = j * g.stride - g.pad;
  int rows = min(top + g.k, g.h) - max(top, 0), cols = min(left + g.k, g.w) - max(left, 0);
  return rows * cols;
}

extern "C" __global__ void avgPool(unsigned n, Pooling g, const float* x, float* y) {
  unsigned o = place();
  if (o >= n) return;
  Place p = placed(o, g.oh, g.ow, g.c);
  float sum = 0;
  for (int a = 0; a < g.k; a++) {
    for (int b = 0; b < g.k; b++) {
      int h = p.i * g.stride + a - g.pad, w = p.j * g.stride + b - g.pad;
      if (inside(g, h, w)) sum += x[((p.n * g.h + h) * g.w + w) * g.c + p.c];
    }
  }
  y[o] = sum / counted(g, p.i, p.j);
}

extern "C" __global__ void avgPoolGrad(unsigned n, Pooling g, const float* dy, Slot dx) {
  unsigned at = place();
  if (at >= n) return;
  Place p = placed(at, g.h, g.w, g.c);
  float sum = 0;
  for (int a = 0; a < g.k; a++) {
    for (int b = 0; b < g.k; b++) {
      int i = p.i + g.pad - a, j = p.j + g.pad - b;
      if (i < 0 || j < 0 || i % g.stride != 0 || j % g.stride != 0) continue;
      i /= g.stride;
      j /= g.stride;
      if (i < g.oh && j < g.ow) sum += dy[((p.n * g.oh + i) * g.ow + j) * g.c + p.c] / counted(g, i, j);
    }
  }
  dx.land(at, sum);
}
