package retort.gendd.diffusion;

import java.util.List;
import retort.gendd.Losses;
import retort.gendd.StepDraws;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Gaussian diffusion of tokens: noise is mixed into a clean token step by step, and a network
/// learns the way back ("Denoising diffusion probabilistic models", arXiv 2006.11239; learned
/// variances as in "Improved denoising diffusion probabilistic models", arXiv 2102.09672).
///
/// Rows are independent; `t` is the step of each row. Coefficients come from host tables and are
/// uploaded as `[rows, 1]`.
public final class Diffusion implements Parametrisation {
  private final NoiseSchedule schedule;
  private final Prediction prediction;
  private final double[] signal, noise;
  private final VariationalBound bound;

  public Diffusion(NoiseSchedule schedule, Prediction prediction) {
    this.schedule = schedule;
    this.prediction = prediction;
    signal = schedule.table(i -> Math.sqrt(schedule.alphaBar(i)));
    noise = schedule.table(i -> Math.sqrt(1 - schedule.alphaBar(i)));
    bound = new VariationalBound(schedule);
  }

  public NoiseSchedule schedule() {
    return schedule;
  }

  public Prediction prediction() {
    return prediction;
  }

  @Override
  public int channels(int d) {
    return prediction.channels(d);
  }

  /// x_t = sqrt(alphaBar_t) x0 + sqrt(1 - alphaBar_t) eps, all `[rows, d]`.
  public Tensor qSample(Tensor x0, int[] t, Tensor eps) {
    return x0.mul(column(signal, t)).add(eps.mul(column(noise, t)));
  }

  @Override
  public Losses trainingLosses(ConditionedHead net, Tensor x0, StepDraws draws) {
    int rows = x0.shape().at(0);
    int[] t = draws.below("diffusion.step", rows, schedule.steps());
    double[] time = new double[rows];
    for (int i = 0; i < rows; i++) time[i] = schedule.timestep(t[i]);
    Tensor eps = Tape.current().normal(x0.shape(), draws.of("diffusion.noise"));
    return trainingLosses(net.apply(qSample(x0, t, eps), time), x0, eps, t);
  }

  /// Each row's losses `[rows]` from what the network said: `mse`, and, where it also says the
  /// variance, `vb`, whose gradient reaches the variance alone.
  public Losses trainingLosses(Tensor out, Tensor x0, Tensor eps, int[] t) {
    int d = x0.shape().last();
    Tensor target = prediction.target(x0, eps, column(signal, t), column(noise, t));
    if (!prediction.learnsVariance()) return Losses.of("mse", out.sub(target).square().mean(-1));
    Tensor error = out.narrow(1, 0, d).sub(target);
    return Losses.of("mse", error.square().mean(-1))
        .and("vb", bound.of(out.narrow(1, d, d), error.detach(), x0, t));
  }

  /// The clean tokens `[rows, d]` that the network's answer about noisy ones at step t stands for.
  public Tensor clean(Tensor out, Tensor x, int t) {
    Tensor said = prediction.learnsVariance() ? out.narrow(1, 0, x.shape().last()) : out;
    return prediction.clean(said, x, schedule.alphaBar(t));
  }

  @Override
  public List<String> samplers() {
    return List.of("ancestral", "ddim", "mean");
  }

  @Override
  public Sampler sampler(Sampling options) {
    return switch (options.sampler()) {
      case "ancestral" -> new Ancestral(prediction, visited(options), options.temperature());
      case "ddim" -> new Ddim(prediction, visited(options), options.eta());
      case "mean" -> new Ddim(prediction, schedule.respaced(start(options)), 0);
      default -> throw options.refusal(samplers());
    };
  }

  private int start(Sampling options) {
    int last = schedule.steps() - 1;
    if (options.start() > last) {
      throw new IllegalArgumentException(
          "sampling starts at step " + options.start() + ", but the last step is " + last);
    }
    return options.start() < 0 ? last : options.start();
  }

  private NoiseSchedule visited(Sampling options) {
    return schedule.respaced(options.spacing().timesteps(start(options)));
  }

  /// table[t] of each row, `[rows, 1]`.
  static Tensor column(double[] table, int[] t) {
    double[] values = new double[t.length];
    for (int i = 0; i < t.length; i++) values[i] = table[t[i]];
    return Tape.current().input(Shape.of(t.length, 1), values);
  }
}
