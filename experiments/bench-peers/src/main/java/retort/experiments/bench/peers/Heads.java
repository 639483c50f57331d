package retort.experiments.bench.peers;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import retort.experiments.bench.Contender;
import retort.experiments.bench.HeadSampling;
import retort.experiments.bench.HeadShape;
import retort.experiments.bench.HeadTraining;
import retort.gendd.diffusion.NoiseSchedule;
import retort.gendd.diffusion.Sampling;
import retort.tensor.Shape;

/// Training and sampling of the denoising head, after the authors' code: guidance runs conditional
/// and unconditional rows as one batch, step by step. Coefficients of the diffusion are looked up
/// before the clock.
final class Heads {
  private static final Scalar HALF = new Scalar(0.5f);
  private static final Scalar MINUS_ONE = new Scalar(-1f);
  private static final NoiseSchedule SCHEDULE = NoiseSchedule.cosine(HeadTraining.STEPS);

  private Heads() {}

  private static boolean isFed(String name) {
    return switch (name) {
      case HeadTraining.CONDITION,
          HeadTraining.CLEAN,
          HeadTraining.NOISE,
          HeadSampling.FEATURE,
          HeadSampling.NOISE,
          HeadSampling.STEP_NOISE ->
          true;
      default -> false;
    };
  }

  private static Tensor rows(double[] values) {
    float[] f = new float[values.length];
    for (int i = 0; i < f.length; i++) f[i] = (float) values[i];
    return Layout.CHANNELS_FIRST.tensor(f, Shape.of(f.length, 1));
  }

  private static Tensor table(IntToDoubleFunction value, int[] t) {
    return rows(Arrays.stream(t).mapToDouble(value).toArray());
  }

  static Contender training(HeadTraining work, float[][] inputs, String name) {
    Weights weights = new Weights(work, inputs, Layout.CHANNELS_FIRST, Heads::isFed);
    Head head = new Head(weights, work.width());
    int[] t = work.steps();
    NoiseSchedule s = SCHEDULE;
    Tensor signal = table(i -> Math.sqrt(s.alphaBar(i)), t);
    Tensor noise = table(i -> Math.sqrt(1 - s.alphaBar(i)), t);
    Tensor posterior = table(s::posteriorLogVariance, t);
    Tensor half = table(i -> (Math.log(s.beta(i)) - s.posteriorLogVariance(i)) / 2, t);
    Tensor middle = table(i -> (Math.log(s.beta(i)) + s.posteriorLogVariance(i)) / 2, t);
    // Means of posterior and model differ by this times the error in the noise.
    Tensor shift = table(i -> s.posteriorOfClean(i) * Math.sqrt(1 / s.alphaBar(i) - 1), t);
    Tensor time = table(i -> i, t), keep = rows(work.keep());
    Tensor place = Labels.tensor(Arrays.stream(work.place()).asLongStream().toArray());
    Tensor image = Labels.tensor(Arrays.stream(work.image()).asLongStream().toArray());
    Tensor z = weights.get(HeadTraining.CONDITION).set_requires_grad(true);
    Tensor x0 = weights.get(HeadTraining.CLEAN), eps = weights.get(HeadTraining.NOISE);
    Scalar perBit = new Scalar((float) (1 / Math.log(2)));
    AdamWOptions options = new AdamWOptions(HeadTraining.RATE);
    options.weight_decay().put(0);
    return new Training(
        name,
        weights,
        () -> {
          z.mutable_grad().reset();
          Tensor x = x0.mul(signal).add(eps.mul(noise));
          Tensor said = head.apply(x, time, z.index_select(0, image).mul(keep), place);
          TensorVector halves = said.chunk(2, 1);
          Tensor error = halves.get(0).sub(eps);
          Tensor logVariance = halves.get(1).mul(half).add(middle);
          Tensor distance = error.detach().mul(shift).square();
          Tensor ahead = logVariance.sub(posterior);
          Tensor divergence =
              ahead
                  .add(ahead.neg().exp())
                  .add(distance.mul(logVariance.neg().exp()))
                  .add(MINUS_ONE)
                  .mul(HALF);
          return error.square().mean().add(divergence.mean().mul(perBit));
        },
        new AdamW(weights.parameters(), options),
        HeadTraining.COMPARED);
  }

  static Contender sampling(HeadSampling work, float[][] inputs, String name) {
    Weights weights = new Weights(work, inputs, Layout.CHANNELS_FIRST, _ -> true);
    NoiseSchedule walk =
        SCHEDULE.respaced(Sampling.PAPER.spacing().timesteps(HeadTraining.STEPS - 1));
    return new Generation(name, work, weights, new Head(weights, work.width()), walk);
  }

  private record Generation(
      String name, HeadSampling work, Weights weights, Head head, NoiseSchedule walk)
      implements Contender {
    @Override
    public void run() {
      try (PointerScope _ = new PointerScope()) {
        generate();
      }
    }

    @Override
    public float[][] results() {
      try (PointerScope _ = new PointerScope()) {
        return new float[][] {Layout.floats(generate())};
      }
    }

    private Tensor generate() {
      Tensor feature =
          torch.layer_norm(
              weights.get(HeadSampling.FEATURE),
              new long[] {HeadShape.CONDITION},
              weights.maybe("norm.weight"),
              weights.maybe("norm.bias"),
              HeadSampling.EPS,
              false);
      long tokens = HeadShape.TOKENS, n = work.tokens(), c = HeadShape.CONDITION;
      Tensor z = feature.unsqueeze(1).expand(new long[] {work.images(), tokens, c});
      Tensor with = z.reshape(n, c);
      Tensor both = torch.cat(new TensorVector(with, torch.zeros_like(with)), 0);
      Tensor place = torch.arange(new Scalar(tokens)).repeat(2 * work.images());
      Tensor x = weights.get(HeadSampling.NOISE);
      for (int i = walk.steps() - 1; i >= 0; i--) {
        try (PointerScope _ = new PointerScope()) {
          x = step(x, both, place, i);
          x.retainReference();
        }
        PointerScope.getInnerScope().attach(x);
        x.releaseReference();
      }
      return x;
    }

    private Tensor step(Tensor x, Tensor z, Tensor place, int i) {
      long n = work.tokens(), d = HeadShape.TOKEN;
      Tensor time = torch.full(new long[] {2 * n, 1}, new Scalar((float) walk.timestep(i)));
      Tensor said = head.apply(torch.cat(new TensorVector(x, x), 0), time, z, place);
      Tensor with = said.narrow(0, 0, n), without = said.narrow(0, n, n);
      Tensor alone = without.narrow(1, 0, d);
      Tensor eps = alone.add(with.narrow(1, 0, d).sub(alone).mul(scalar(HeadSampling.GUIDANCE)));
      double a = walk.alphaBar(i), low = walk.posteriorLogVariance(i);
      double high = Math.log(walk.beta(i));
      Tensor clean = x.mul(scalar(1 / Math.sqrt(a))).sub(eps.mul(scalar(Math.sqrt(1 / a - 1))));
      Tensor mean =
          clean.mul(scalar(walk.posteriorOfClean(i))).add(x.mul(scalar(walk.posteriorOfNoisy(i))));
      if (i == 0) return mean;
      Tensor v = with.narrow(1, d, d);
      Tensor logVariance = v.mul(scalar((high - low) / 2)).add(scalar((high + low) / 2));
      Tensor xi = weights.get(HeadSampling.STEP_NOISE).select(0, i);
      return mean.add(logVariance.mul(HALF).exp().mul(xi));
    }

    private static Scalar scalar(double value) {
      return new Scalar((float) value);
    }

    @Override
    public void close() {
      weights.close();
    }
  }
}
