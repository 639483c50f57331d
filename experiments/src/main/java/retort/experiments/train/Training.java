package retort.experiments.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import retort.experiments.recipe.Range;
import retort.experiments.recipe.Recipe;
import retort.gendd.Labels;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.data.Order;
import retort.nn.optim.AdamW;
import retort.nn.optim.Lamb;
import retort.nn.optim.Optimiser;
import retort.nn.optim.ParameterGroup;
import retort.nn.optim.Schedule;
import retort.nn.optim.Sgd;
import retort.tensor.Tensor;

/// How a method is optimised: the `training` section of a recipe.
///
/// @param batch images a step
/// @param rate the highest learning rate
/// @param momentum of SGD; beta1 of AdamW and LAMB
/// @param nesterov for SGD
/// @param beta2 of LAMB; for AdamW where it begins, to rise to 0.999 by a cosine
/// @param milestones for the schedule `steps`: the epochs from which the rate is a tenth of before
/// @param warmUp epochs of linear rise first, for all schedules but `constant` and `steps`
/// @param loss how labels are learnt; cross-entropy unless it is said
/// @param decayVectors whether biases and normalisations are decayed too, as they are unless it is
///   said
/// @param repeats how many views of an image follow each other in a batch; one unless it is said
/// @param dropPath the rate of the student's stochastic depth ([Backbone#dropPath]); 0 unless it is
///   said
/// @param look how photographs are seen, where that differs from the data's
public record Training(
    @Range(min = 0) int epochs,
    @Range(min = 1) int batch,
    Kind optimiser,
    @Range(min = 0) double rate,
    @Range(min = 0, max = 1) double momentum,
    boolean nesterov,
    @Range(min = 0, max = 1) double beta2,
    @Range(min = 0) double weightDecay,
    Shape schedule,
    @Range(min = 0) int warmUp,
    List<Integer> milestones,
    @Range(min = 0, max = 1) double labelSmoothing,
    Optional<LabelLoss> loss,
    Optional<Boolean> decayVectors,
    @Range(min = 1) Optional<Integer> repeats,
    @Range(min = 0, max = 1) Optional<Double> dropPath,
    Optional<Photographs.Look> look) {

  /// The optimisers there are.
  public enum Kind {
    SGD,
    ADAMW,
    LAMB
  }

  /// The ways to learn labels there are.
  public enum LabelLoss {
    CROSS_ENTROPY,
    /// Each class by itself, as a yes or a no.
    BINARY_CROSS_ENTROPY
  }

  /// The courses a learning rate can take.
  public enum Shape {
    CONSTANT,
    COSINE,
    STEPS,
    /// As the CIFAR code of arXiv 2507.14503 has it; see [Schedule#cifarSteps].
    STEPS_AFTER_WARM_UP,
    /// As its ImageNet code has it, down to 1e-6; see [Schedule#cosineByEpoch].
    COSINE_BY_EPOCH,
    /// As the timm library has it, from 1e-6 up and down to there; see [Schedule#timmCosine].
    TIMM_COSINE
  }

  /// Where the authors' cosine on ImageNet ends, and timm's begins and ends.
  private static final double LOWEST_RATE = 1e-6;

  /// Where beta2 ends, as in the authors' code.
  private static final double LAST_BETA2 = 0.999;

  public Training {
    milestones = List.copyOf(milestones);
    boolean warmsUp = schedule != Shape.CONSTANT && schedule != Shape.STEPS;
    if (warmsUp && warmUp > 0 && warmUp >= epochs) {
      throw new IllegalArgumentException(
          "warm-up of " + warmUp + " epochs leaves nothing of " + epochs + "; shorten it");
    }
  }

  /// SGD with Nesterov momentum and a cosine: what teachers and students of classic methods get.
  public static Training sgd(int epochs, int batch, double rate) {
    return cosine(epochs, batch, Kind.SGD, rate, true, 0, 5e-4);
  }

  /// AdamW with a cosine: what generative students get.
  public static Training adamW(int epochs, int batch, double rate) {
    return cosine(epochs, batch, Kind.ADAMW, rate, false, 0.95, 5e-2);
  }

  private static Training cosine(
      int epochs,
      int batch,
      Kind optimiser,
      double rate,
      boolean nesterov,
      double beta2,
      double decay) {
    return new Training(
        epochs,
        batch,
        optimiser,
        rate,
        0.9,
        nesterov,
        beta2,
        decay,
        Shape.COSINE,
        0,
        List.of(),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// A recipe whose section holds this training, with another number of epochs. A warm-up that
  /// would leave none of them is shortened.
  public Recipe over(Recipe recipe, String section, int epochs) {
    return recipe
        .with(section + ".epochs", epochs, "--epochs")
        .with(section + ".warm-up", Math.clamp(epochs - 1, 0, warmUp), "--epochs");
  }

  Optimiser optimiser(Module module, List<ParameterGroup> groups) {
    List<ParameterGroup> all = new ArrayList<>();
    if (!decayVectors.orElse(true)) all.addAll(ParameterGroup.vectors(module));
    all.addAll(groups);
    ParameterGroup[] g = all.toArray(ParameterGroup[]::new);
    return switch (optimiser) {
      case SGD -> new Sgd(module, momentum, nesterov, g);
      case ADAMW -> new AdamW(module, momentum, beta2, g);
      case LAMB -> new Lamb(module, momentum, beta2, g);
    };
  }

  Schedule rates(int stepsPerEpoch) {
    return switch (schedule) {
      case CONSTANT -> Schedule.constant(rate);
      case COSINE -> Schedule.cosine(rate, 0, warmUp, epochs, stepsPerEpoch);
      case STEPS -> Schedule.steps(rate, 0.1, epochsOfSteps());
      case STEPS_AFTER_WARM_UP -> Schedule.cifarSteps(rate, warmUp, epochsOfSteps());
      case COSINE_BY_EPOCH -> Schedule.cosineByEpoch(rate, LOWEST_RATE, warmUp, epochs);
      case TIMM_COSINE -> Schedule.timmCosine(rate, LOWEST_RATE, warmUp, epochs);
    };
  }

  private int[] epochsOfSteps() {
    return milestones.stream().mapToInt(Integer::intValue).toArray();
  }

  Schedule beta2s(int stepsPerEpoch) {
    return Schedule.rising(beta2, LAST_BETA2, epochs, stepsPerEpoch);
  }

  Order order(long seed) {
    int times = repeats.orElse(1);
    return times == 1 ? new Order.Shuffled(seed) : new Order.Repeated(seed, times);
  }

  /// The labels of a batch, mixed ones smoothed already.
  Labels labels(int[] hard, Tensor soft) {
    boolean binary = loss.orElse(LabelLoss.CROSS_ENTROPY) == LabelLoss.BINARY_CROSS_ENTROPY;
    return new Labels(hard, soft, soft == null ? labelSmoothing : 0, binary);
  }
}
