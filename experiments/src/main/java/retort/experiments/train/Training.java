package retort.experiments.train;

import java.util.List;
import java.util.Optional;
import retort.experiments.recipe.Range;
import retort.experiments.recipe.Recipe;
import retort.nn.Module;
import retort.nn.optim.AdamW;
import retort.nn.optim.Optimiser;
import retort.nn.optim.ParameterGroup;
import retort.nn.optim.Schedule;
import retort.nn.optim.Sgd;

/// How a method is optimised: the `training` section of a recipe.
///
/// @param batch images a step
/// @param rate the highest learning rate
/// @param momentum of SGD; Adam's beta1
/// @param nesterov for SGD
/// @param beta2 for AdamW: where its second moment's decay begins; it rises to 0.999 by a cosine
/// @param milestones for the schedule `steps`: the epochs from which the rate is a tenth of before
/// @param warmUp epochs of linear rise first, for all schedules but `constant` and `steps`
/// @param cropFrom the smallest share of a photograph that a random crop shows, where it differs
///   from the data's
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
    @Range(min = 0, max = 1) Optional<Double> cropFrom) {

  /// The optimisers there are.
  public enum Kind {
    SGD,
    ADAMW
  }

  /// The courses a learning rate can take.
  public enum Shape {
    CONSTANT,
    COSINE,
    STEPS,
    /// As the CIFAR code of arXiv 2507.14503 has it; see [Schedule#cifarSteps].
    STEPS_AFTER_WARM_UP,
    /// As its ImageNet code has it, down to 1e-6; see [Schedule#cosineByEpoch].
    COSINE_BY_EPOCH
  }

  /// Where the authors' cosine on ImageNet ends.
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
    return new Training(
        epochs,
        batch,
        Kind.SGD,
        rate,
        0.9,
        true,
        0,
        5e-4,
        Shape.COSINE,
        0,
        List.of(),
        0,
        Optional.empty());
  }

  /// AdamW with a cosine: what generative students get.
  public static Training adamW(int epochs, int batch, double rate) {
    return new Training(
        epochs,
        batch,
        Kind.ADAMW,
        rate,
        0.9,
        false,
        0.95,
        5e-2,
        Shape.COSINE,
        0,
        List.of(),
        0,
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
    ParameterGroup[] g = groups.toArray(ParameterGroup[]::new);
    return switch (optimiser) {
      case SGD -> new Sgd(module, momentum, nesterov, g);
      case ADAMW -> new AdamW(module, momentum, beta2, g);
    };
  }

  Schedule rates(int stepsPerEpoch) {
    return switch (schedule) {
      case CONSTANT -> Schedule.constant(rate);
      case COSINE -> Schedule.cosine(rate, 0, warmUp, epochs, stepsPerEpoch);
      case STEPS -> Schedule.steps(rate, 0.1, epochsOfSteps());
      case STEPS_AFTER_WARM_UP -> Schedule.cifarSteps(rate, warmUp, epochsOfSteps());
      case COSINE_BY_EPOCH -> Schedule.cosineByEpoch(rate, LOWEST_RATE, warmUp, epochs);
    };
  }

  private int[] epochsOfSteps() {
    return milestones.stream().mapToInt(Integer::intValue).toArray();
  }

  Schedule beta2s(int stepsPerEpoch) {
    return Schedule.rising(beta2, LAST_BETA2, epochs, stepsPerEpoch);
  }
}
