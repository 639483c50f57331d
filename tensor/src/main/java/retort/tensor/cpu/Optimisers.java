package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;
import static retort.tensor.cpu.Steps.STEPS;

import retort.tensor.Kernels;
import retort.tensor.Span;

/// Parameter updates, in place: one pass over memory.
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
    float m = (float) momentum, d = (float) decay, keep = (float) (1 - rate * decay);
    float direct = (float) (nesterov ? -rate : 0);
    float carried = (float) (nesterov ? -rate * momentum : -rate);
    float[] gs = (float[]) gradient.array(), ws = (float[]) w.array();
    float[] vs = velocity == null ? null : (float[]) velocity.array();
    Parts.numbers(
        workers(),
        w.size(),
        (from, to) -> {
          int g = gradient.at() + from, at = w.at() + from, n = to - from;
          if (vs == null) RUNS.blend((float) -rate, gs, g, keep, ws, at, 0, ws, at, n);
          else STEPS.sgd(m, d, direct, carried, gs, g, vs, velocity.at() + from, ws, at, n);
        });
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
    Steps.Adam adam =
        new Steps.Adam(
            (float) beta1,
            (float) (1 - beta1),
            (float) beta2,
            (float) (1 - beta2),
            (float) (1 / correction2),
            (float) eps,
            (float) (1 - rate * decay),
            (float) (-rate / correction1));
    float[] gs = (float[]) gradient.array(), ms = (float[]) m.array();
    float[] vs = (float[]) v.array(), ws = (float[]) w.array();
    Parts.numbers(
        workers(),
        w.size(),
        (from, to) ->
            STEPS.adam(
                adam,
                gs,
                gradient.at() + from,
                ms,
                m.at() + from,
                vs,
                v.at() + from,
                ws,
                w.at() + from,
                to - from));
  }
}
