package retort.experiments.ablate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import retort.experiments.terminal.Progress;
import retort.gendd.Labels;
import retort.gendd.StepDraws;
import retort.gendd.diffusion.Parametrisation;
import retort.gendd.diffusion.Sampler;
import retort.gendd.diffusion.Sampling;
import retort.gendd.generative.GenDD;
import retort.nn.data.Samples;
import retort.nn.data.ShotAccuracy;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// A trained GenDD student before the test samples. Its features are computed once; then teacher
/// features are generated for them in as many ways as are asked for, and each way is judged.
final class Exam {
  /// The body's features of a batch and its labels.
  private record Paper(float[] features, int[] labels) {}

  private final GenDD gendd;
  private final long seed;
  private final long bodyMacs;
  private final int[] counts;
  private final List<Paper> papers = new ArrayList<>();
  private final Progress progress;
  private final Spread targets;
  private final int[] labels, own, goals;

  /// @param bodyMacs what the student's body costs an image
  /// @param counts training images of each class for accuracies by how often a class was seen, or
  ///   null
  Exam(GenDD gendd, Samples test, long bodyMacs, int[] counts, long seed, Progress progress) {
    this.gendd = gendd;
    this.seed = seed;
    this.bodyMacs = bodyMacs;
    this.counts = counts;
    this.progress = progress;
    targets = new Spread(gendd.teacher().featureWidth());
    labels = new int[test.size()];
    own = new int[test.size()];
    goals = new int[test.size()];
    int[] at = {0};
    gendd.evaluating(() -> {
      Features.each(
          gendd.device(),
          test,
          (x, batch) -> {
            Tensor feature = gendd.student().embed(x);
            papers.add(new Paper(feature.toFloats(), batch));
            Tensor target = gendd.target(x, Labels.of(batch));
            targets.add(target.toFloats());
            int[] goal = gendd.teacher().classify(target).argmax();
            System.arraycopy(goal, 0, goals, at[0], batch.length);
            int[] said = gendd.student().classify(feature).argmax();
            System.arraycopy(batch, 0, labels, at[0], batch.length);
            System.arraycopy(said, 0, own, at[0], batch.length);
            at[0] += batch.length;
          });
      return null;
    });
  }

  /// The student's own classifier.
  Answer own(String by) {
    return Answer.direct(by, right(own), bodyMacs, shots(own));
  }

  /// The contracted targets themselves, true labels included, through the teacher's classifier:
  /// what a perfect head would get.
  Answer targets() {
    return Answer.direct("targets", right(goals), 0, shots(goals));
  }

  /// Generated features through the teacher's classifier.
  Answer generated(Way way) {
    Sampling how = way.how();
    int[] said = new int[labels.length];
    var spread = new Spread(gendd.teacher().featureWidth());
    double[] seconds = new double[papers.size()];
    int at = 0;
    for (int i = 0; i < papers.size(); i++) {
      Paper paper = papers.get(i);
      progress.add(paper.labels().length);
      StepDraws draws = new StepDraws(seed, i);
      long began = System.nanoTime();
      int[] answers =
          gendd.evaluating(
              () -> Tape.infer(gendd.device(), tape -> answer(tape, paper, how, draws, spread)));
      seconds[i] = (System.nanoTime() - began) / 1e9 / answers.length;
      System.arraycopy(answers, 0, said, at, answers.length);
      at += answers.length;
    }
    Arrays.sort(seconds);
    var parametrisation = Parametrisation.of(gendd.options().predict());
    int evaluations = parametrisation.sampler(how).evaluations() * how.samples();
    if (!parametrisation.guidesItself() && how.guidance() != 1) evaluations *= 2;
    return new Answer(
        "generated",
        way.variant(),
        how.sampler(),
        how.spacing().steps(),
        how.samples(),
        right(said),
        evaluations,
        bodyMacs + gendd.macs(how),
        1e3 * seconds[seconds.length / 2],
        spread.deviation() / targets.deviation(),
        shots(said));
  }

  private int[] answer(Tape tape, Paper paper, Sampling how, StepDraws draws, Spread spread) {
    int n = paper.labels().length;
    Tensor feature = tape.input(Shape.of(n, paper.features().length / n), paper.features());
    Tensor made = gendd.generate(feature, how, draws, Sampler.Path.UNSEEN);
    spread.add(made.toFloats());
    return gendd.teacher().classify(made).argmax();
  }

  private double right(int[] said) {
    int right = 0;
    for (int i = 0; i < said.length; i++) if (said[i] == labels[i]) right++;
    return (double) right / said.length;
  }

  private List<Double> shots(int[] said) {
    if (counts == null) return List.of();
    ShotAccuracy s = ShotAccuracy.of(labels, said, counts);
    return List.of(s.many(), s.medium(), s.few());
  }

  /// How far features lie from their mean, number by number and averaged over the numbers.
  private static final class Spread {
    private final double[] sum, squares;
    private long n;

    Spread(int width) {
      sum = new double[width];
      squares = new double[width];
    }

    void add(float[] rows) {
      for (int i = 0; i < rows.length; i++) {
        sum[i % sum.length] += rows[i];
        squares[i % sum.length] += (double) rows[i] * rows[i];
      }
      n += rows.length / sum.length;
    }

    double deviation() {
      double variance = 0;
      for (int j = 0; j < sum.length; j++) {
        double mean = sum[j] / n;
        variance += Math.max(0, squares[j] / n - mean * mean);
      }
      return Math.sqrt(variance / sum.length);
    }
  }
}
