package retort.gendd.diffusion;

import java.util.function.UnaryOperator;
import retort.tensor.Philox;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The reverse process itself: each step draws from the model's Gaussian (arXiv 2006.11239,
/// algorithm 2), with the network's variance where it has one and the posterior's elsewhere.
record Ancestral(Prediction prediction, NoiseSchedule schedule, double temperature)
    implements Sampler {

  /// One reverse step's distribution: mean and log-variance `[rows, d]`, and the clean token that
  /// they aim at.
  record Reverse(Tensor mean, Tensor logVariance, Tensor clean) {}

  Reverse reverse(Tensor out, Tensor x, int i, UnaryOperator<Tensor> guard) {
    int d = x.shape().last();
    Tensor said = prediction.learnsVariance() ? out.narrow(1, 0, d) : out;
    Tensor clean = guard.apply(prediction.clean(said, x, schedule.alphaBar(i)));
    Tensor mean = clean.mul(schedule.posteriorOfClean(i)).add(x.mul(schedule.posteriorOfNoisy(i)));
    double low = schedule.posteriorLogVariance(i), high = Math.log(schedule.beta(i));
    Tensor logVariance =
        prediction.learnsVariance()
            ? out.narrow(1, d, d).affine((high - low) / 2, (high + low) / 2)
            : Tape.current().fill(x.shape(), low);
    return new Reverse(mean, logVariance, clean);
  }

  @Override
  public Tensor sample(
      Denoiser net, Tensor noise, StepNoise draws, UnaryOperator<Tensor> guard, Path path) {
    Tape tape = Tape.current();
    Tensor x = noise;
    path.visit(0, x);
    for (int i = schedule.steps() - 1; i >= 0; i--) {
      int step = i;
      Tensor now = x;
      x = tape.tidy(() -> step(net, now, step, draws.of(step), guard));
      path.visit(schedule.steps() - i, x);
    }
    return x;
  }

  private Tensor step(Denoiser net, Tensor x, int i, Philox draws, UnaryOperator<Tensor> guard) {
    Reverse r = reverse(net.apply(x, schedule.timestep(i)), x, i, guard);
    if (i == 0 || temperature == 0) return r.mean();
    Tensor xi = Tape.current().normal(x.shape(), draws);
    return r.mean().add(r.logVariance().mul(0.5).exp().mul(xi).mul(temperature));
  }

  @Override
  public int evaluations() {
    return schedule.steps();
  }
}
