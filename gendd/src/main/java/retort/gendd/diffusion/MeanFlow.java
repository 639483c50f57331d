package retort.gendd.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import retort.gendd.Losses;
import retort.gendd.StepDraws;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The mean velocity over a whole stretch of the line between data (t = 0) and noise (t = 1), so
/// that one step may be any length ("Mean flows for one-step generative modeling", arXiv
/// 2505.13447). The head is told t and the stretch h = t - r; its target is v - h du/dt, whose
/// total derivative runs forward through the head and is held fixed. Guidance is part of the
/// target, so sampling needs no second network.
public final class MeanFlow implements Parametrisation {
  /// Times are sigmoid(N(MEAN, 1)); in a share SAME of rows r = t, where the target is the velocity
  /// itself. EPS and POWER weigh rows by 1 / (loss + EPS)^POWER (section 4.3; the authors' values
  /// for ImageNet).
  private static final double MEAN = -0.4, SAME = 0.75, EPS = 1e-2, POWER = 1;

  private final double guidance;

  /// @param guidance the effective scale of guidance that is trained in
  public MeanFlow(double guidance) {
    if (!(guidance >= 1)) {
      throw new IllegalArgumentException(
          "mean flow: the guidance trained in must be at least 1, got " + guidance);
    }
    this.guidance = guidance;
  }

  @Override
  public int channels(int d) {
    return d;
  }

  @Override
  public int times() {
    return 2;
  }

  @Override
  public boolean guidesItself() {
    return true;
  }

  /// Where each row's stretch ends and how long it is.
  record Stretch(double[] t, double[] h) {
    static Stretch draw(int n, StepDraws draws) {
      Philox p = draws.of("meanflow.times"), same = draws.of("meanflow.same");
      double[] t = new double[n], h = new double[n];
      for (int i = 0; i < n; i++) {
        double a = sigmoid(p.normal(2L * i) + MEAN), b = sigmoid(p.normal(2L * i + 1) + MEAN);
        t[i] = Math.max(a, b);
        h[i] = same.uniform(i) < SAME ? 0 : Math.abs(a - b);
      }
      return new Stretch(t, h);
    }

    private static double sigmoid(double x) {
      return 1 / (1 + Math.exp(-x));
    }

    /// What the head is told: all t, then all h.
    double[] times() {
      return both(t, h);
    }

    static double[] both(double[] t, double[] h) {
      double[] all = Arrays.copyOf(t, t.length + h.length);
      System.arraycopy(h, 0, all, t.length, h.length);
      return all;
    }
  }

  @Override
  public Losses trainingLosses(ConditionedHead net, Tensor x0, StepDraws draws) {
    Tensor e = Tape.current().normal(x0.shape(), draws.of("meanflow.noise"));
    Tensor square = squares(net, x0, e, Stretch.draw(x0.shape().at(0), draws));
    Tensor weight = square.detach().add(EPS).pow(-POWER);
    return Losses.of("meanflow", square.mul(weight));
  }

  /// The squared length of each row's error `[rows]`.
  Tensor squares(ConditionedHead net, Tensor x0, Tensor e, Stretch s) {
    Tape tape = Tape.current();
    int n = s.t().length;
    Tensor t = tape.input(Shape.of(n, 1), s.t()), h = tape.input(Shape.of(n, 1), s.h());
    Tensor z = x0.mul(t.affine(-1, 1)).add(e.mul(t));
    Tensor v = guided(net, z, e.sub(x0), s.t());
    double[] forward = new double[2 * n]; // t grows and r stays, so h grows as t does
    Arrays.fill(forward, 1);
    Tensor target = v.sub(h.mul(net.derivative(z, v, s.times(), forward)));
    return net.apply(z, s.times()).sub(target).square().sum(-1);
  }

  /// v + k (u(z, t, 0 | c) - u(z, t, 0)), k = 1 - 1 / guidance (section 4.2 with omega = 1). Where
  /// the condition is struck out the two agree, and v is left.
  private Tensor guided(ConditionedHead net, Tensor z, Tensor v, double[] t) {
    if (guidance == 1) return v;
    double[] now = Stretch.both(t, new double[t.length]);
    Tensor towards = net.said(z, now).sub(net.unconditional().said(z, now));
    return v.add(towards.mul(1 - 1 / guidance));
  }

  @Override
  public List<String> samplers() {
    return List.of("meanflow");
  }

  @Override
  public Sampler sampler(Sampling options) {
    if (!samplers().contains(options.sampler())) throw options.refusal(samplers());
    return new Strides(options.spacing().steps());
  }

  /// Equal strides from t = 1 to 0; one is enough.
  private record Strides(int steps) implements Sampler {
    @Override
    public Tensor sample(
        Denoiser net, Tensor noise, StepNoise draws, UnaryOperator<Tensor> guard, Path path) {
      double h = 1.0 / steps;
      Tensor x = noise;
      path.visit(0, x);
      for (int i = 0; i < steps; i++) {
        Tensor now = x;
        double t = 1 - i * h;
        boolean last = i == steps - 1;
        x =
            Tape.current()
                .tidy(() -> {
                  Tensor y = now.sub(net.apply(now, t, h).mul(h));
                  return last ? guard.apply(y) : y;
                });
        path.visit(i + 1, x);
      }
      return x;
    }

    @Override
    public int evaluations() {
      return steps;
    }
  }
}
