package retort.tensor.cpu;

import retort.tensor.Kernels;
import retort.tensor.Span;

/// Parameter updates, in place: one pass over memory, in loops that C2 vectorises.
interface Optimisers extends Kernels {
  Workers workers();

  @Override
  default void sgd(
      double rate,
      double momentum,
      boolean nesterov,
      double decay,
      Span gradient,
      Span velocity,
      Span w) {
    float r = (float) rate, m = (float) momentum, d = (float) decay;
    float[] gs = (float[]) gradient.array(), ws = (float[]) w.array();
    float[] vs = velocity == null ? null : (float[]) velocity.array();
    Parts.numbers(
        workers(),
        w.size(),
        (from, to) -> {
          int g = gradient.at() + from, at = w.at() + from, n = to - from;
          if (vs == null) plain(r, d, gs, g, ws, at, n);
          else if (nesterov) nesterov(r, m, d, gs, g, vs, velocity.at() + from, ws, at, n);
          else momentum(r, m, d, gs, g, vs, velocity.at() + from, ws, at, n);
        });
  }

  private static void plain(float rate, float decay, float[] g, int go, float[] w, int wo, int n) {
    for (int i = 0; i < n; i++) w[wo + i] -= rate * (g[go + i] + decay * w[wo + i]);
  }

  private static void momentum(
      float rate,
      float m,
      float decay,
      float[] g,
      int go,
      float[] v,
      int vo,
      float[] w,
      int wo,
      int n) {
    for (int i = 0; i < n; i++) {
      float velocity = m * v[vo + i] + (g[go + i] + decay * w[wo + i]);
      v[vo + i] = velocity;
      w[wo + i] -= rate * velocity;
    }
  }

  private static void nesterov(
      float rate,
      float m,
      float decay,
      float[] g,
      int go,
      float[] v,
      int vo,
      float[] w,
      int wo,
      int n) {
    for (int i = 0; i < n; i++) {
      float slope = g[go + i] + decay * w[wo + i], velocity = m * v[vo + i] + slope;
      v[vo + i] = velocity;
      w[wo + i] -= rate * (slope + m * velocity);
    }
  }

  @Override
  default void adamW(
      double rate,
      double beta1,
      double beta2,
      double eps,
      double decay,
      double correction1,
      double correction2,
      Span gradient,
      Span m,
      Span v,
      Span w) {
    float b1 = (float) beta1, b2 = (float) beta2, e = (float) eps;
    float c1 = (float) (1 - beta1), c2 = (float) (1 - beta2);
    float keep = (float) (1 - rate * decay), step = (float) (rate / correction1);
    float unbias = (float) (1 / correction2);
    float[] gs = (float[]) gradient.array(), ms = (float[]) m.array();
    float[] vs = (float[]) v.array(), ws = (float[]) w.array();
    Parts.numbers(
        workers(),
        w.size(),
        (from, to) -> {
          int g = gradient.at() + from, mo = m.at() + from, vo = v.at() + from, wo = w.at() + from;
          for (int i = 0; i < to - from; i++) {
            float slope = gs[g + i];
            float mean = b1 * ms[mo + i] + c1 * slope;
            float square = b2 * vs[vo + i] + c2 * slope * slope;
            ms[mo + i] = mean;
            vs[vo + i] = square;
            float root = (float) Math.sqrt(square * unbias) + e;
            ws[wo + i] = ws[wo + i] * keep - step * mean / root;
          }
        });
  }
}
