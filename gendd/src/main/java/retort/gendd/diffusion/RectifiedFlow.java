package retort.gendd.diffusion;

import java.util.List;
import java.util.function.UnaryOperator;
import retort.gendd.Losses;
import retort.gendd.StepDraws;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Straight lines from noise e to data x0: at time u from 0 to 1 the token is u x0 + (1 - u) e, and
/// the head predicts the line's velocity x0 - e ("Flow straight and fast: learning to generate and
/// transfer data with rectified flow", arXiv 2209.03003). One step from noise gives E[x0 | z].
public final class RectifiedFlow implements Parametrisation {
  /// Where the line begins: the published code keeps away from 0, and feeds the head 999 u.
  private static final double BEGIN = 1e-3, TIME_SCALE = 999;

  /// Nothing to choose.
  public RectifiedFlow() {}

  @Override
  public int channels(int d) {
    return d;
  }

  @Override
  public Losses trainingLosses(ConditionedHead net, Tensor x0, StepDraws draws) {
    int n = x0.shape().at(0);
    Philox p = draws.of("flow.time");
    double[] u = new double[n];
    for (int i = 0; i < n; i++) u[i] = BEGIN + (1 - BEGIN) * p.uniform(i);
    return trainingLosses(net, x0, Tape.current().normal(x0.shape(), draws.of("flow.noise")), u);
  }

  Losses trainingLosses(Denoiser net, Tensor x0, Tensor e, double[] u) {
    Tensor at = Tape.current().input(Shape.of(u.length, 1), u);
    Tensor x = x0.mul(at).add(e.mul(at.affine(-1, 1)));
    double[] time = new double[u.length];
    for (int i = 0; i < u.length; i++) time[i] = TIME_SCALE * u[i];
    return Losses.of("mse", net.apply(x, time).sub(x0.sub(e)).square().mean(-1));
  }

  @Override
  public List<String> samplers() {
    return List.of("euler", "heun", "mean");
  }

  @Override
  public Sampler sampler(Sampling options) {
    return switch (options.sampler()) {
      case "euler" -> new Integrator(options.spacing().steps(), false);
      case "heun" -> new Integrator(options.spacing().steps(), true);
      case "mean" -> new Integrator(1, false);
      default -> throw options.refusal(samplers());
    };
  }

  /// Follows the velocity from noise to data in equal steps: Euler's, or Heun's, which averages it
  /// with the velocity at the step's end and asks twice.
  private record Integrator(int steps, boolean heun) implements Sampler {
    @Override
    public Tensor sample(
        Denoiser net, Tensor noise, StepNoise draws, UnaryOperator<Tensor> guard, Path path) {
      Tensor x = noise;
      path.visit(0, x);
      for (int i = 0; i < steps; i++) {
        Tensor now = x;
        double u = time(i), next = time(i + 1);
        x = Tape.current().tidy(() -> step(net, now, u, next, guard));
        path.visit(i + 1, x);
      }
      return x;
    }

    private double time(int i) {
      return BEGIN + (1 - BEGIN) * i / steps;
    }

    private Tensor step(
        Denoiser net, Tensor x, double u, double next, UnaryOperator<Tensor> guard) {
      double h = 1.0 / steps;
      Tensor v = velocity(net, x, u, guard);
      Tensor y = x.add(v.mul(h));
      if (!heun) return y;
      Tensor w = next < 1 ? velocity(net, y, next, guard) : net.apply(y, TIME_SCALE);
      return x.add(v.add(w).mul(h / 2));
    }

    /// Towards the guarded end of the line.
    private static Tensor velocity(Denoiser net, Tensor x, double u, UnaryOperator<Tensor> guard) {
      Tensor end = guard.apply(x.add(net.apply(x, TIME_SCALE * u).mul(1 - u)));
      return end.sub(x).mul(1 / (1 - u));
    }

    @Override
    public int evaluations() {
      return heun ? 2 * steps : steps;
    }
  }
}
