package retort.gendd.methods;

import java.util.ArrayList;
import java.util.List;
import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Init;
import retort.nn.Module;
import retort.nn.backbone.Backbone.Features;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// Knowledge review: from the deepest stage to the first, each of the student's maps is fused with
/// what the deeper ones left and compared with the teacher's map of its stage ("Distilling
/// knowledge via knowledge review", arXiv 2104.09044). The pooled feature is the deepest stage.
public final class ReviewKd extends Distiller {
  private final Options options;
  private final List<Shape> targets = new ArrayList<>();
  private final List<Fusion> fusions = new ArrayList<>();

  /// @param ce weight of the labels' loss
  /// @param review weight of the maps'
  /// @param warmUp epochs over which that weight rises
  /// @param before whether the student's maps are taken before their last ReLU
  public record Options(double ce, double review, int warmUp, boolean before) {}

  public ReviewKd(Setting setting, Options options) {
    super(setting.student(), setting.teacher());
    this.options = options;
    Setting.Stages stages = setting.stages("reviewkd");
    List<Shape> from = withPooled(stages.student(), student.featureWidth());
    targets.addAll(withPooled(stages.teacher(), teacher.featureWidth()));
    int mid = Math.min(512, from.getLast().last());
    for (int i = 0; i < from.size(); i++) {
      boolean deepest = i == from.size() - 1;
      fusions.add(
          child(
              "fusion" + (i + 1),
              new Fusion(from.get(i).last(), mid, targets.get(i).last(), !deepest)));
    }
  }

  private static List<Shape> withPooled(List<Shape> maps, int width) {
    List<Shape> all = new ArrayList<>(maps);
    all.add(Shape.of(1, 1, 1, width));
    return all;
  }

  @Override
  protected Losses losses(Step step) {
    Features s = student.features(step.images()), t = teacher.features(step.images());
    Tensor ce = step.labels().crossEntropy(student.classify(s.feature())).mean();
    List<Tensor> own = maps(options.before() ? s.before() : s.after(), s.feature());
    List<Tensor> theirs = maps(t.before(), t.feature());
    double weight = step.ramp(options.warmUp()) * options.review();
    return Losses.of("ce", ce.mul(options.ce())).and("review", review(own, theirs).mul(weight));
  }

  private static List<Tensor> maps(List<Tensor> stages, Tensor feature) {
    List<Tensor> all = new ArrayList<>(stages.subList(1, stages.size()));
    all.add(feature.reshape(feature.shape().at(0), 1, 1, -1));
    return all;
  }

  private Tensor review(List<Tensor> own, List<Tensor> theirs) {
    Tensor sum = null, residual = null;
    for (int i = own.size() - 1; i >= 0; i--) {
      Fusion.Fused f = fusions.get(i).apply(own.get(i), residual, targets.get(i).at(1));
      residual = f.residual();
      Tensor l = contextLoss(f.output(), theirs.get(i));
      sum = sum == null ? l : sum.add(l);
    }
    return sum;
  }

  /// The hierarchical context loss of maps `[n, h, h, c]`: mean squares at full size and averaged
  /// down to 4, 2 and 1, each level at half the weight of the one before.
  static Tensor contextLoss(Tensor student, Tensor teacher) {
    int h = student.shape().at(1);
    Tensor sum = student.mse(teacher);
    double weight = 1, all = 1;
    for (int size : new int[] {4, 2, 1}) {
      if (size >= h) continue;
      weight /= 2;
      all += weight;
      sum = sum.add(Maps.pool(student, size).mse(Maps.pool(teacher, size)).mul(weight));
    }
    return sum.mul(1 / all);
  }

  /// Attention-based fusion of a stage's map with the residual of the deeper ones.
  private static final class Fusion extends Module {
    private final Conv2d in;
    private final BatchNorm inNorm;
    private final Conv2d out;
    private final BatchNorm outNorm;
    private final Conv2d attention;

    record Fused(Tensor output, Tensor residual) {}

    Fusion(int from, int mid, int to, boolean fuses) {
      in = child("in", new Conv2d(from, mid, 1).noBias().init(uniform()));
      inNorm = child("inNorm", new BatchNorm(mid));
      out = child("out", new Conv2d(mid, to, 3, 1, 1).noBias().init(uniform()));
      outNorm = child("outNorm", new BatchNorm(to));
      attention = fuses ? child("attention", new Conv2d(2 * mid, 2, 1)) : null;
    }

    /// Kaiming's uniform with gain 1, as in the authors' code.
    private static Init uniform() {
      return (shape, draws) -> Init.uniform(Math.sqrt(3.0 / shape.span(1, 4))).values(shape, draws);
    }

    /// @param x the stage's map
    /// @param deeper the residual of the next deeper stage, null at the deepest
    /// @param size the height of the teacher's map
    Fused apply(Tensor x, Tensor deeper, int size) {
      Tensor y = inNorm.apply(in.apply(x));
      if (attention != null) {
        Tensor other = Maps.enlarge(deeper, y.shape().at(1));
        Tensor a = attention.apply(Tensor.concat(3, y, other)).sigmoid();
        y = y.mul(a.narrow(3, 0, 1)).add(other.mul(a.narrow(3, 1, 1)));
      }
      Tensor residual = Maps.enlarge(y, size);
      return new Fused(outNorm.apply(out.apply(residual)), residual);
    }
  }
}
