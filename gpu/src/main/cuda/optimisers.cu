// Parameter updates, in place.
#include "common.cuh"

// velocity is null where momentum is 0.
extern "C" __global__ void sgd(
    float rate, float momentum, int nesterov, float decay, unsigned n, const float* gradient, float* velocity,
    float* w) {
  unsigned i = place();
  if (i >= n) return;
  float g = gradient[i] + decay * w[i], step = g;
  if (velocity != nullptr) {
    float v = momentum * velocity[i] + g;
    velocity[i] = v;
    step = nesterov ? g + momentum * v : v;
  }
  w[i] -= rate * step;
}

// keep = 1 - rate decay; beta and fresh = 1 - beta of both moments.
extern "C" __global__ void adamW(
    float rate, float beta1, float fresh1, float beta2, float fresh2, float eps, float keep, float correction1,
    float correction2, unsigned n, const float* gradient, float* m, float* v, float* w) {
  unsigned i = place();
  if (i >= n) return;
  float g = gradient[i];
  float m1 = beta1 * m[i] + fresh1 * g, v1 = beta2 * v[i] + fresh2 * g * g;
  m[i] = m1;
  v[i] = v1;
  w[i] = w[i] * keep - rate * (m1 / correction1 / (sqrtf(v1 / correction2) + eps));
}

// The factor that makes runs no longer than `longest` together; totals[i] is the sum of squares of run i.
extern "C" __global__ void shortening(double longest, double eps, unsigned runs, const double* totals, float* factor) {
  if (place() > 0) return;
  double squares = 0;
  for (unsigned i = 0; i < runs; i++) squares += totals[i];
  double f = longest / (sqrt(squares) + eps);
  *factor = f < 1 ? (float)f : 1;
}

// How far along a direction its step goes; totals holds the squares of w, then those of the direction.
extern "C" __global__ void lambStep(double rate, const double* totals, float* factor) {
  if (place() > 0) return;
  double own = sqrt(totals[0]), its = sqrt(totals[1]);
  *factor = (float)(-rate * (own > 0 && its > 0 ? own / its : 1));
}

// y = factor x, or y += it.
extern "C" __global__ void scaled(int adds, unsigned n, const float* factor, const float* x, float* y) {
  unsigned i = place();
  if (i < n) y[i] = adds ? y[i] + *factor * x[i] : *factor * x[i];
}
