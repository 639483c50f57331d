// Convolutions of images [n, h, w, c] with weights [f, kh, kw, c / groups]: as a product with the windows written out,
// or with more than one group directly. Also what a product wants beside it: a bias, bfloat16.
#include "common.cuh"

struct Convolution {
  int n, h, w, c, f, kh, kw, stride, pad, groups, oh, ow, cg, fg;
};

// y = bias, or y += bias, before a product is added.
extern "C" __global__ void bias(unsigned n, unsigned cols, const float* b, Slot y) {
  unsigned i = place();
  if (i < n) y.land(i, b[i % cols]);
}

// To the nearest bfloat16, ties to even.
extern "C" __global__ void bfloat16(unsigned n, const float* x, unsigned short* y) {
  unsigned i = place();
  if (i >= n) return;
  unsigned bits = (unsigned)__float_as_int(x[i]);
  bool nan = (bits & 0x7fffffffu) > 0x7f800000u;
  y[i] = (unsigned short)(nan ? 0x7fffu : (bits + 0x7fffu + (bits >> 16 & 1)) >> 16);
}

// The windows of x as rows [n oh ow, kh kw c].
extern "C" __global__ void windows(unsigned count, Convolution g, const float* x, float* cols) {
  unsigned at = place();
  if (at >= count) return;
  unsigned c = at % g.c, tap = at / g.c % (g.kh * g.kw), row = at / g.c / (g.kh * g.kw);
  int j = row % g.ow, i = row / g.ow % g.oh, n = row / g.ow / g.oh;
  int h = i * g.stride + (int)(tap / g.kw) - g.pad, w = j * g.stride + (int)(tap % g.kw) - g.pad;
  bool inside = h >= 0 && w >= 0 && h < g.h && w < g.w;
  cols[at] = inside ? x[((n * g.h + h) * g.w + w) * g.c + c] : 0;
}

// The window row or column of x's row or column h under a tap, or -1.
__device__ inline int window(const Convolution& g, int h, int tap, int extent) {
  int i = h + g.pad - tap;
  if (i < 0 || i % g.stride != 0) return -1;
  i /= g.stride;
  return i < extent ? i : -1;
}

// The way back of `windows`: a place of x sums what it was written to.
extern "C" __global__ void windowsGrad(unsigned count, Convolution g, const float* cols, Slot dx) {
  unsigned at = place();
  if (at >= count) return;
  int c = at % g.c, w = at / g.c % g.w, h = at / g.c / g.w % g.h, n = at / g.c / g.w / g.h;
  float sum = 0;
  for (int a = 0; a < g.kh; a++) {
    int i = window(g, h, a, g.oh);
    if (i < 0) continue;
    for (int b = 0; b < g.kw; b++) {
      int j = window(g, w, b, g.ow);
      if (j < 0) continue;
      unsigned row = (n * g.oh + i) * g.ow + j;
      sum += cols[(row * g.kh * g.kw + a * g.kw + b) * g.c + c];
    }
  }
  dx.land(at, sum);
}

extern "C" __global__ void groupedConv(
    unsigned count, Convolution g, const float* x, const float* weight, const float* bias, Slot y) {
  unsigned at = place();
  if (at >= count) return;
  int f = at % g.f, j = at / g.f % g.ow, i = at / g.f / g.ow % g.oh, n = at / g.f / g.ow / g.oh;
  float sum = bias == nullptr ? 0 : bias[f];
  for (int a = 0; a < g.kh; a++) {
    int h = i * g.stride + a - g.pad;
    if (h < 0 || h >= g.h) continue;
    for (int b = 0; b < g.kw; b++) {
      int w = j * g.stride + b - g.pad;
      if (w < 0 || w >= g.w) continue;
      const float* in = x + ((n * g.h + h) * g.w + w) * g.c + f / g.fg * g.cg;
      const float* taps = weight + ((f * g.kh + a) * g.kw + b) * g.cg;
      for (int c = 0; c < g.cg; c++) sum = fmaf(in[c], taps[c], sum);
    }
  }
  y.land(at, sum);
}

extern "C" __global__ void groupedGradInput(
    unsigned count, Convolution g, const float* dy, const float* weight, Slot dx) {
  unsigned at = place();
  if (at >= count) return;
  int c = at % g.c, w = at / g.c % g.w, h = at / g.c / g.w % g.h, n = at / g.c / g.w / g.h;
  int first = c / g.cg * g.fg; // the group's first output channel
  float sum = 0;
  for (int a = 0; a < g.kh; a++) {
    int i = window(g, h, a, g.oh);
    if (i < 0) continue;
    for (int b = 0; b < g.kw; b++) {
      int j = window(g, w, b, g.ow);
      if (j < 0) continue;
      const float* d = dy + ((n * g.oh + i) * g.ow + j) * g.f;
      for (int f = first; f < first + g.fg; f++) {
        sum = fmaf(d[f], weight[((f * g.kh + a) * g.kw + b) * g.cg + c % g.cg], sum);
      }
    }
  }
  dx.land(at, sum);
}

// Destination d is weight (d / f / cg, d / f % cg) of output channel d % f, so that neighbours read neighbours; its
// terms are the places of y.
extern "C" __global__ void groupedGradWeightParts(
    unsigned count, unsigned n, Convolution g, const float* dy, const float* x, double* partial) {
  foldParts<Sum, 1>(count, n, partial, [&](unsigned d, unsigned r, double* sum) {
    int f = d % g.f, c = d / g.f % g.cg, tap = d / g.f / g.cg;
    int h = (int)(r / g.ow % g.oh) * g.stride + tap / g.kw - g.pad;
    int w = (int)(r % g.ow) * g.stride + tap % g.kw - g.pad;
    if (h < 0 || w < 0 || h >= g.h || w >= g.w) return;
    int image = r / g.ow / g.oh;
    sum[0] += dy[r * g.f + f] * x[((image * g.h + h) * g.w + w) * g.c + f / g.fg * g.cg + c];
  });
}

extern "C" __global__ void groupedGradWeightEnd(
    unsigned count, unsigned parts, const double* partial, Convolution g, Slot dweight) {
  unsigned d = place();
  if (d >= count) return;
  int f = d % g.f, c = d / g.f % g.cg, tap = d / g.f / g.cg;
  dweight.land((f * g.kh * g.kw + tap) * g.cg + c, (float)whole<Sum, 1>(partial, parts, count, 0, d));
}
