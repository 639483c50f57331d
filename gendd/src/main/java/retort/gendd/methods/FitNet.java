package retort.gendd.methods;

import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Declared;
import retort.nn.Init;
import retort.nn.Layer;
import retort.nn.backbone.Backbone.Features;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// FitNets: one of the student's maps, through a small regressor, imitates the teacher's map of the
/// same stage ("FitNets: hints for thin deep nets", arXiv 1412.6550).
public final class FitNet extends Distiller {
  private final Options options;
  private final Regressor regressor;

  /// @param ce weight of the labels' loss
  /// @param hint weight of the map's
  /// @param stage which stage after the stem is imitated, from 1
  public record Options(double ce, double hint, int stage) {}

  public FitNet(Setting setting, Options options) {
    super(setting.student(), setting.teacher());
    Setting.Stages stages = setting.stages("fitnet");
    if (options.stage() < 1 || options.stage() > stages.count()) {
      throw new IllegalArgumentException(
          "fitnet: stage " + options.stage() + " is outside 1 to " + stages.count());
    }
    this.options = options;
    Shape from = stages.student().get(options.stage() - 1);
    Shape to = stages.teacher().get(options.stage() - 1);
    regressor = child("regressor", new Regressor(from, to));
  }

  @Override
  protected Losses losses(Step step) {
    Features s = student.features(step.images()), t = teacher.features(step.images());
    Tensor ce = step.labels().crossEntropy(student.classify(s.feature())).mean();
    Tensor hint = regressor.apply(s.after().get(options.stage()));
    return Losses.of("ce", ce.mul(options.ce()))
        .and("hint", hint.mse(t.after().get(options.stage())).mul(options.hint()));
  }

  /// A convolution that brings a map to another's size and channels, normalised, with ReLU.
  static final class Regressor extends Layer {
    private final Layer conv;
    private final BatchNorm bn;

    Regressor(Shape from, Shape to) {
      conv = child("conv", convolution(from, to));
      bn = child("bn", new BatchNorm(to.last()));
    }

    private static Layer convolution(Shape from, Shape to) {
      int s = from.at(1), t = to.at(1);
      if (s == 2 * t) return new Conv2d(from.last(), to.last(), 3, 2, 1);
      if (2 * s == t) return new Doubling(from.last(), to.last());
      if (s >= t) return new Conv2d(from.last(), to.last(), 1 + s - t);
      throw new IllegalArgumentException(
          "fitnet: a student map "
              + from
              + " can't be brought to the teacher's "
              + to
              + "; it may be larger, or half as large");
    }

    @Override
    protected Tensor forward(Tensor x) {
      return bn.relu(conv.apply(x));
    }
  }

  /// A transposed convolution that doubles height and width.
  private static final class Doubling extends Layer {
    private final Declared<Parameter> weight;
    private final Declared<Parameter> bias;

    Doubling(int in, int out) {
      weight = parameter("weight", Shape.of(in, 4, 4, out), Init.torch());
      bias = parameter("bias", Shape.of(out), Init.uniform(1 / Math.sqrt(16.0 * out)));
    }

    @Override
    protected Tensor forward(Tensor x) {
      return x.convTranspose2d(weight.get(), 2, 1).add(bias.get());
    }
  }
}
