// Functions of one and of two numbers, and their gradients.
#include "common.cuh"

// In the order of retort.tensor.Unary.
enum Unary {
  AFFINE, POW, SQUARE, SQRT, RECIPROCAL, EXP, LOG, ABS, SIN, COS, RELU, LEAKY_RELU, CLAMP, SIGMOID, TANH, SILU, GELU,
  GELU_TANH, HARD_SWISH, SOFTPLUS
};

const float ROOT_2_OVER_PI = 0.7978845608f;
const float ROOT_HALF_OVER_PI = 0.3989422804f; // 1 / sqrt(2 pi)
const float CUBIC = 0.044715f;

__device__ inline float sigmoid(float x) { return 1 / (1 + expf(-x)); }

// (1 + tanh(u)) / 2 = sigmoid(2u): nothing cancels where it is small. This is 2u.
__device__ inline float geluInner(float x) { return 2 * ROOT_2_OVER_PI * (x + CUBIC * x * x * x); }

__device__ inline float clamp(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

__device__ inline float value(int f, float a, float b, float x) {
  switch (f) {
    case AFFINE: return a * x + b;
    case POW: return powf(x, a);
    case SQUARE: return x * x;
    case SQRT: return sqrtf(x);
    case RECIPROCAL: return 1 / x;
    case EXP: return expf(x);
    case LOG: return logf(x);
    case ABS: return fabsf(x);
    case SIN: return sinf(x);
    case COS: return cosf(x);
    case RELU: return x <= 0 ? 0 : x;
    case LEAKY_RELU: return x > 0 ? x : a * x;
    case CLAMP: return clamp(x, a, b);
    case SIGMOID: return sigmoid(x);
    case TANH: return tanhf(x);
    case SILU: return x * sigmoid(x);
    case GELU: return x * normcdff(x);
    case GELU_TANH: return x * sigmoid(geluInner(x));
    case HARD_SWISH: return x * (clamp(x + 3, 0, 6) / 6);
    default: return fmaxf(x, 0) + log1pf(expf(-fabsf(x))); // SOFTPLUS
  }
}

// x is null where the slope is written in y, y where it is written in x.
__device__ inline float slope(int f, float a, float b, const float* in, const float* out, unsigned i) {
  float x = in == nullptr ? 0 : in[i], y = out == nullptr ? 0 : out[i];
  switch (f) {
    case AFFINE: return a;
    case POW: return a == 0 ? 0 : a * powf(x, a - 1);
    case SQUARE: return 2 * x;
    case SQRT: return 0.5f / y;
    case RECIPROCAL: return -y * y;
    case EXP: return y;
    case LOG: return 1 / x;
    case ABS: return x > 0 ? 1 : x < 0 ? -1 : x;
    case SIN: return cosf(x);
    case COS: return -sinf(x);
    case RELU: return y > 0 ? 1 : 0;
    case LEAKY_RELU: return x > 0 ? 1 : a;
    case CLAMP: return x >= a && x <= b ? 1 : 0;
    case SIGMOID: return y * (1 - y);
    case TANH: return 1 - y * y;
    case SILU: {
      float s = sigmoid(x);
      return s * (1 + x * (1 - s));
    }
    case GELU: return normcdff(x) + x * expf(-0.5f * x * x) * ROOT_HALF_OVER_PI;
    case GELU_TANH: {
      float u = geluInner(x), s = sigmoid(u);
      return s + 2 * x * s * sigmoid(-u) * ROOT_2_OVER_PI * (1 + 3 * CUBIC * x * x);
    }
    case HARD_SWISH: return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
    default: return sigmoid(x); // SOFTPLUS
  }
}

extern "C" __global__ void unary(int f, float a, float b, unsigned n, const float* x, float* y) {
  unsigned i = place();
  if (i < n) y[i] = value(f, a, b, x[i]);
}

extern "C" __global__ void unaryGrad(
    int f, float a, float b, unsigned n, const float* x, const float* y, const float* dy, Slot dx) {
  unsigned i = place();
  if (i < n) dx.land(i, dy[i] * slope(f, a, b, x, y, i));
}

// In the order of retort.tensor.Binary.
enum Binary { ADD, SUB, MUL, DIV, MAX, MIN };

extern "C" __global__ void binary(int f, unsigned n, Walk w, const float* a, const float* b, float* y) {
  unsigned i = place();
  if (i >= n) return;
  Offsets o = offsets(w, i);
  float p = a[o.a], q = b[o.b];
  switch (f) {
    case ADD: y[i] = p + q; break;
    case SUB: y[i] = p - q; break;
    case MUL: y[i] = p * q; break;
    case DIV: y[i] = p / q; break;
    case MAX: y[i] = p > q || p != p ? p : q; break;
    default: y[i] = p < q || p != p ? p : q; // MIN
  }
}

__device__ inline float wins(float p, float q) { return p > q ? 1 : p == q ? 0.5f : 0; }

// The slope in the first or in the second operand. ADD and SUB are given no operands.
__device__ inline float slope(int f, int second, const float* a, unsigned at, const float* b, unsigned bt) {
  switch (f) {
    case ADD: return 1;
    case SUB: return second ? -1 : 1;
    case MUL: return second ? a[at] : b[bt];
    case DIV: return second ? -a[at] / (b[bt] * b[bt]) : 1 / b[bt];
    case MAX: return second ? wins(b[bt], a[at]) : wins(a[at], b[bt]);
    default: return second ? wins(a[at], b[bt]) : wins(b[bt], a[at]); // MIN
  }
}

// The gradient of an operand that isn't stretched.
extern "C" __global__ void binaryGrad(
    int f, int second, unsigned n, Walk w, const float* a, const float* b, const float* dy, Slot d) {
  unsigned i = place();
  if (i >= n) return;
  Offsets o = offsets(w, i);
  d.land(second ? o.b : o.a, dy[i] * slope(f, second, a, o.a, b, o.b));
}

// The gradient of a stretched operand: the terms of a destination are all places of the result that it was read for.
// `own` and `rest` walk what the operand has and what it lacks; their first operand is the result, their second the
// other operand.
extern "C" __global__ void binaryGradParts(
    unsigned count, unsigned n, int f, int second, Walk own, Walk rest, const float* mine, const float* other,
    const float* dy, double* partial) {
  foldParts<Sum, 1>(count, n, partial, [&](unsigned d, unsigned r, double* sum) {
    Offsets base = offsets(own, d), step = offsets(rest, r);
    unsigned there = base.b + step.b;
    const float* a = second ? other : mine;
    const float* b = second ? mine : other;
    sum[0] += dy[base.a + step.a] * slope(f, second, a, second ? there : d, b, second ? d : there);
  });
}
