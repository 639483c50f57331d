package retort.gendd.methods;

import java.util.ArrayList;
import java.util.List;
import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Declared;
import retort.nn.Init;
import retort.nn.Layer;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbone.Features;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// Overhaul of feature distillation: maps are compared before their ReLU, where a value below a
/// channel's margin is only asked to stay below it ("A comprehensive overhaul of feature
/// distillation", arXiv 1904.01866, section 3).
public final class Ofd extends Distiller {
  private final Options options;
  private final List<Layer> connectors = new ArrayList<>();
  private final List<Declared<Tensor>> margins = new ArrayList<>();

  /// @param ce weight of the labels' loss
  /// @param feature weight of the maps'
  public record Options(double ce, double feature) {}

  public Ofd(Setting setting, Options options) {
    super(setting.student(), setting.teacher());
    this.options = options;
    Setting.Stages stages = setting.stages("ofd");
    for (int i = 0; i < stages.count(); i++) {
      int from = stages.student().get(i).last(), to = stages.teacher().get(i).last();
      connectors.add(child("connector" + (i + 1), new Connector(from, to)));
      double[] margin = margins(teacher.net(), i + 1);
      margins.add(buffer("margin" + (i + 1), Shape.of(margin.length), (shape, draws) -> margin));
    }
  }

  @Override
  protected Losses losses(Step step) {
    Features s = student.features(step.images()), t = teacher.features(step.images());
    Tensor ce = step.labels().crossEntropy(student.classify(s.feature())).mean();
    Tensor sum = null;
    for (int i = 0; i < connectors.size(); i++) {
      Tensor of = connectors.get(i).apply(s.before().get(i + 1));
      Tensor l = loss(of, t.before().get(i + 1), margins.get(i).get());
      l = l.mul(Math.pow(2, i + 1 - connectors.size())); // later stages count more
      sum = sum == null ? l : sum.add(l);
    }
    return Losses.of("ce", ce.mul(options.ce())).and("feature", sum.mul(options.feature()));
  }

  /// The partial square of maps `[n, h, h, c]`, summed over each image and averaged over the batch.
  /// The teacher's map is averaged down to the student's size; margins `[c]`.
  static Tensor loss(Tensor student, Tensor teacher, Tensor margin) {
    Tensor target = Maps.pool(teacher, student.shape().at(1)).maximum(margin).detach();
    // Too much always counts; too little only where the teacher is positive.
    Tensor difference = student.sub(target);
    Tensor positive = target.relu().mul(1e30).clamp(0, 1);
    Tensor counted = difference.relu().square().add(difference.neg().relu().square().mul(positive));
    return counted.sum().mul(1.0 / student.shape().at(0));
  }

  /// The mean of each channel's negative values, were its normalised values normal.
  private static double[] margins(Backbone net, int stage) {
    String path = net.stages().get(stage).before();
    Module norm = net.find(path);
    if (!(norm instanceof BatchNorm bn)) {
      throw new IllegalArgumentException(
          "ofd wants a batch normalisation before the last ReLU of each of the teacher's stages;"
              + " at '"
              + path
              + "' is a "
              + norm.getClass().getSimpleName());
    }
    double[] deviation = bn.weight().toDoubles(), mean = bn.bias().toDoubles();
    double[] margin = new double[mean.length];
    for (int c = 0; c < mean.length; c++) margin[c] = margin(mean[c], Math.abs(deviation[c]));
    return margin;
  }

  /// E[x | x < 0] of x ~ N(mean, deviation^2), and -3 deviations where next to nothing is below 0.
  static double margin(double mean, double deviation) {
    if (deviation == 0) return Math.min(mean, 0); // a channel that is always its mean
    double below = normalCdf(-mean / deviation);
    if (!(below > 1e-3)) return -3 * deviation;
    double density = Math.exp(-mean * mean / (2 * deviation * deviation)) / Math.sqrt(2 * Math.PI);
    return -deviation * density / below + mean;
  }

  /// Phi(x) to the precision of a double's density, by the Taylor series of Phi around 0
  /// (Marsaglia, "Evaluating the normal distribution", Journal of Statistical Software 11, 2004).
  private static double normalCdf(double x) {
    if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
    double term = x, sum = x;
    for (int i = 3; sum + (term *= x * x / i) != sum; i += 2) sum += term;
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /// Brings the student's channels to the teacher's.
  private static final class Connector extends Layer {
    private final Conv2d conv;
    private final BatchNorm bn;

    Connector(int in, int out) {
      conv = child("conv", new Conv2d(in, out, 1).noBias().init(Init.normal(Math.sqrt(2.0 / out))));
      bn = child("bn", new BatchNorm(out));
    }

    @Override
    protected Tensor forward(Tensor x) {
      return bn.apply(conv.apply(x));
    }
  }
}
