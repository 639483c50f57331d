package retort.gendd.generative;

import java.util.List;
import retort.gendd.Derived;
import retort.gendd.diffusion.DenoisingHead;
import retort.gendd.diffusion.Parametrisation;
import retort.gendd.diffusion.Sampling;

/// How GenDD is set up.
///
/// @param labels whether labels are used: contraction, and the own classifier's loss
/// @param lambda the degree of contraction, 0 to 1
/// @param centre what features are contracted to
/// @param token numbers in a token
/// @param width the head's hidden width
/// @param depth the head's residual blocks
/// @param draws how many (step, noise) pairs each token is trained on in a batch
/// @param dropout the share of rows whose condition is struck out
/// @param mixup the beta of feature mixup, 0 for none
/// @param predict what the head predicts; see [Parametrisation#of]
/// @param detachCondition keeps the gradient from the student's body: an ablation
/// @param sampling how features are generated
public record GenDDOptions(
    boolean labels,
    double lambda,
    Centres.Kind centre,
    int token,
    int width,
    int depth,
    int draws,
    double dropout,
    double mixup,
    String predict,
    boolean detachCondition,
    Sampling sampling) {
  /// The authors' for CIFAR-100 (arXiv 2507.14503 and its code): 30 draws, a head of width 1024,
  /// 100 steps.
  public static final GenDDOptions CIFAR =
      new GenDDOptions(
          true,
          .9,
          Centres.Kind.WEIGHT_ROW,
          64,
          1024,
          3,
          30,
          .2,
          1,
          "noise",
          false,
          Sampling.PAPER.steps("100"));

  /// Sized for a processor: a head a fourteenth as large, 4 draws, 64 steps.
  public static final GenDDOptions SMALL = CIFAR.width(256).draws(4).sampling(Sampling.PAPER);

  public GenDDOptions {
    if (draws < 1) throw new IllegalArgumentException("GenDD wants at least 1 draw, got " + draws);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "the condition's dropout must lie in 0 to below 1, got " + dropout);
    }
    if (dropout == 0 && sampling.guidance() != 1) {
      throw new IllegalArgumentException(
          "guidance "
              + sampling.guidance()
              + " asks the head without a condition, which it never sees with dropout 0; set"
              + " guidance to 1 or dropout above 0");
    }
  }

  DenoisingHead.Size head(int studentWidth, SplitTokens tokens) {
    Parametrisation p = Parametrisation.of(predict);
    return new DenoisingHead.Size(
            token, tokens.count(), studentWidth, width, depth, p.channels(token))
        .times(p.times());
  }

  /// Without labels: no contraction, and the own classifier learns from the teacher's
  /// probabilities.
  public GenDDOptions unlabelled() {
    return Derived.of(lambda(0), "labels", false);
  }

  public GenDDOptions lambda(double degree) {
    return Derived.of(this, "lambda", degree);
  }

  public GenDDOptions centre(Centres.Kind kind) {
    return Derived.of(this, "centre", kind);
  }

  public GenDDOptions token(int numbers) {
    return Derived.of(this, "token", numbers);
  }

  public GenDDOptions width(int hidden) {
    return Derived.of(this, "width", hidden);
  }

  public GenDDOptions depth(int blocks) {
    return Derived.of(this, "depth", blocks);
  }

  public GenDDOptions draws(int count) {
    return Derived.of(this, "draws", count);
  }

  public GenDDOptions dropout(double share) {
    return Derived.of(this, "dropout", share);
  }

  public GenDDOptions mixup(double beta) {
    return Derived.of(this, "mixup", beta);
  }

  /// Another prediction; where the sampler doesn't fit it, its usual one takes its place.
  public GenDDOptions predict(String what) {
    List<String> fitting = Parametrisation.of(what).samplers();
    Sampling fit =
        fitting.contains(sampling.sampler()) ? sampling : sampling.sampler(fitting.getFirst());
    return Derived.of(sampling(fit), "predict", what);
  }

  public GenDDOptions detachCondition(boolean detach) {
    return Derived.of(this, "detachCondition", detach);
  }

  public GenDDOptions sampling(Sampling how) {
    return Derived.of(this, "sampling", how);
  }
}
