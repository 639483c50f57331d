package retort.gendd.diffusion;

import java.util.function.UnaryOperator;
import retort.tensor.Philox;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Fewer steps with the same network: from the clean token that a prediction stands for, straight
/// to the next noise level ("Denoising diffusion implicit models", arXiv 2010.02502, equation 12).
/// eta 0 is deterministic, eta 1 about as random as the ancestral steps. A schedule of one step is
/// the one-step posterior mean.
record Ddim(Prediction prediction, NoiseSchedule schedule, double eta) implements Sampler {

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
    double a = schedule.alphaBar(i), next = schedule.alphaBarBefore(i);
    Tensor out = net.apply(x, schedule.timestep(i));
    if (prediction.learnsVariance()) out = out.narrow(1, 0, x.shape().last());
    Tensor clean = guard.apply(prediction.clean(out, x, a));
    if (i == 0) return clean;
    // The noise that fits the (guarded) clean token.
    Tensor eps = x.sub(clean.mul(Math.sqrt(a))).mul(1 / Math.sqrt(1 - a));
    double sigma = eta * Math.sqrt((1 - next) / (1 - a)) * Math.sqrt(1 - a / next);
    Tensor y = clean.mul(Math.sqrt(next)).add(eps.mul(Math.sqrt(1 - next - sigma * sigma)));
    return sigma == 0 ? y : y.add(Tape.current().normal(x.shape(), draws).mul(sigma));
  }

  @Override
  public int evaluations() {
    return schedule.steps();
  }
}
