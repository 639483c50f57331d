package retort.gendd.generative;

import java.util.List;
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
    return new GenDDOptions(
        false,
        0,
        centre,
        token,
        width,
        depth,
        draws,
        dropout,
        mixup,
        predict,
        detachCondition,
        sampling);
  }

  public GenDDOptions lambda(double degree) {
    return new GenDDOptions(
        labels,
        degree,
        centre,
        token,
        width,
        depth,
        draws,
        dropout,
        mixup,
        predict,
        detachCondition,
        sampling);
  }

  public GenDDOptions centre(Centres.Kind kind) {
    return new GenDDOptions(
        labels,
        lambda,
        kind,
        token,
        width,
        depth,
        draws,
        dropout,
        mixup,
        predict,
        detachCondition,
        sampling);
  }

  public GenDDOptions token(int numbers) {
    return new GenDDOptions(
        labels,
        lambda,
        centre,
        numbers,
        width,
        depth,
        draws,
        dropout,
        mixup,
        predict,
        detachCondition,
        sampling);
  }

  public GenDDOptions width(int hidden) {
    return new GenDDOptions(
        labels,
        lambda,
        centre,
        token,
        hidden,
        depth,
        draws,
        dropout,
        mixup,
        predict,
        detachCondition,
        sampling);
  }

  public GenDDOptions depth(int blocks) {
    return new GenDDOptions(
        labels,
        lambda,
        centre,
        token,
        width,
        blocks,
        draws,
        dropout,
        mixup,
        predict,
        detachCondition,
        sampling);
  }

  public GenDDOptions draws(int count) {
    return new GenDDOptions(
        labels,
        lambda,
        centre,
        token,
        width,
        depth,
        count,
        dropout,
        mixup,
        predict,
        detachCondition,
        sampling);
  }

  public GenDDOptions dropout(double share) {
    return new GenDDOptions(
        labels,
        lambda,
        centre,
        token,
        width,
        depth,
        draws,
        share,
        mixup,
        predict,
        detachCondition,
        sampling);
  }

  public GenDDOptions mixup(double beta) {
    return new GenDDOptions(
        labels,
        lambda,
        centre,
        token,
        width,
        depth,
        draws,
        dropout,
        beta,
        predict,
        detachCondition,
        sampling);
  }

  /// Another prediction; where the sampler doesn't fit it, its usual one takes its place.
  public GenDDOptions predict(String what) {
    List<String> fitting = Parametrisation.of(what).samplers();
    Sampling fit =
        fitting.contains(sampling.sampler()) ? sampling : sampling.sampler(fitting.getFirst());
    return new GenDDOptions(
        labels,
        lambda,
        centre,
        token,
        width,
        depth,
        draws,
        dropout,
        mixup,
        what,
        detachCondition,
        fit);
  }

  public GenDDOptions detachCondition(boolean detach) {
    return new GenDDOptions(
        labels, lambda, centre, token, width, depth, draws, dropout, mixup, predict, detach,
        sampling);
  }

  public GenDDOptions sampling(Sampling how) {
    return new GenDDOptions(
        labels,
        lambda,
        centre,
        token,
        width,
        depth,
        draws,
        dropout,
        mixup,
        predict,
        detachCondition,
        how);
  }
}
