package retort.gendd.generative;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import retort.gendd.Distiller;
import retort.gendd.Labels;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.gendd.StepDraws;
import retort.gendd.Teacher;
import retort.gendd.diffusion.ConditionedHead;
import retort.gendd.diffusion.Denoiser;
import retort.gendd.diffusion.DenoisingHead;
import retort.gendd.diffusion.Diffusion;
import retort.gendd.diffusion.Parametrisation;
import retort.gendd.diffusion.Sampler;
import retort.gendd.diffusion.Sampling;
import retort.nn.Cost;
import retort.nn.LayerNorm;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.optim.ParameterGroup;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Generative Distribution Distillation (arXiv 2507.14503): the student's feature becomes the
/// condition under which a small diffusion model generates the teacher's feature, token by token,
/// contracted towards the label's centre. The student's body learns through that condition alone.
///
/// An image is classified either by generating a teacher feature for it and asking the teacher's
/// classifier, or by the student's own classifier, which is trained beside as a linear probe.
public final class GenDD extends Distiller {
  private final GenDDOptions options;
  private final SplitTokens tokens;
  private final Parametrisation parametrisation;
  private final DistributionContraction contraction;
  private final FeatureMixup mixup;
  private final LayerNorm norm;
  private final DenoisingHead head;
  private final TargetRange range;

  /// @param centres what features are contracted to; see [Centres#of]
  public GenDD(Backbone student, Teacher teacher, GenDDOptions options, Centres centres) {
    super(student, teacher);
    this.options = options;
    tokens = new SplitTokens(teacher.featureWidth(), options.token());
    parametrisation = Parametrisation.of(options.predict());
    contraction =
        options.labels()
            ? child("contraction", new DistributionContraction(options.lambda(), centres))
            : null;
    parametrisation.sampler(options.sampling()); // refuses what doesn't fit
    mixup = new FeatureMixup(options.mixup());
    norm = child("norm", new LayerNorm(student.featureWidth()));
    head = child("head", new DenoisingHead(options.head(student.featureWidth(), tokens)));
    range = child("range", new TargetRange(teacher.featureWidth()));
  }

  public GenDD(Backbone student, Teacher teacher, GenDDOptions options) {
    this(
        student, teacher, options, options.labels() ? Centres.of(options.centre(), teacher) : null);
  }

  public GenDDOptions options() {
    return options;
  }

  // ---- training

  @Override
  protected Losses losses(Step step) {
    Tensor feature = student.embed(step.images());
    Tensor of = teacher.embed(step.images());
    Tensor target = contract(of, step.labels());
    range.widen(target);
    return generationLosses(feature, target, step.draws())
        .and("own", OwnHead.loss(student, teacher, feature, of, step, options.labels()));
  }

  private Losses generationLosses(Tensor feature, Tensor target, StepDraws draws) {
    Tensor seen = options.detachCondition() ? feature.detach() : feature;
    FeatureMixup.Pair mixed = mixup.apply(norm.apply(seen), target, draws);
    int n = feature.shape().at(0), count = tokens.count(), rows = n * count * options.draws();
    // Row (r n + i) count + k is draw r of token k of image i.
    int[] image = IntStream.range(0, rows).map(row -> row / count % n).toArray();
    int[] place = IntStream.range(0, rows).map(row -> row % count).toArray();
    double[] keep = draws.mask("condition.dropout", rows, options.dropout());
    ConditionedHead net = head.given(head.condition(mixed.condition(), image, place, keep));
    Tensor x0 = repeat(tokens.split(mixed.target()), options.draws());
    return parametrisation.trainingLosses(net, x0, draws).mean();
  }

  private static Tensor repeat(Tensor x, int times) {
    int n = x.shape().at(0), d = x.shape().at(1);
    return x.reshape(1, n, d).expand(times, n, d).reshape(times * n, d);
  }

  /// The head begins by saying 0 whatever its condition; its last layer moves in the first step,
  /// its modulations in the second, and only then the condition matters.
  @Override
  protected int silentSteps() {
    return options.detachCondition() ? Integer.MAX_VALUE : 2;
  }

  /// The head isn't decayed.
  @Override
  public List<ParameterGroup> groups(double weightDecay) {
    return List.of(ParameterGroup.of("head", 0), ParameterGroup.all(weightDecay));
  }

  /// What is to be generated for images of these labels: the teacher's feature, contracted.
  public Tensor target(Tensor images, Labels labels) {
    return contract(teacher.embed(images), labels);
  }

  private Tensor contract(Tensor feature, Labels labels) {
    return contraction == null ? feature : contraction.apply(feature, labels);
  }

  /// The clean features `[n, width]` that the head sees in noisy ones at step t, given the
  /// student's: what Theorem 1 of the paper speaks about.
  public Tensor clean(Tensor feature, Tensor noisy, int t) {
    if (!(parametrisation instanceof Diffusion diffusion)) {
      throw new IllegalStateException(
          "only a head of a diffusion says what is clean at a step, and this one predicts "
              + options.predict()
              + "; predict noise, clean or velocity");
    }
    Tensor x = tokens.split(noisy);
    Denoiser net = head.given(head.condition(norm.apply(feature)));
    return tokens.join(diffusion.clean(net.apply(x, diffusion.schedule().timestep(t)), x, t));
  }

  // ---- generating

  /// Teacher features `[n, d]` generated for student features, averaged over the samples.
  public Tensor generate(Tensor feature, Sampling how, StepDraws draws, Sampler.Path path) {
    Tensor noise = noise(feature.shape().at(0), how.samples(), draws);
    return generate(feature, noise, how, draws, path);
  }

  /// [#generate(Tensor, Sampling, StepDraws, Sampler.Path)] from noise that is given.
  ///
  /// @param noise as many rows as there are tokens of all samples of all features
  public Tensor generate(
      Tensor feature, Tensor noise, Sampling how, StepDraws draws, Sampler.Path path) {
    UnaryOperator<Tensor> guard = how.clip() ? range.guard() : UnaryOperator.identity();
    return generate(head, norm.apply(feature), noise, how, draws, guard, path);
  }

  private Tensor noise(int images, int samples, StepDraws draws) {
    Shape rows = Shape.of(samples * images * tokens.count(), tokens.token());
    return Tape.current().normal(rows, draws.of("generation.noise"));
  }

  private Tensor generate(
      DenoisingHead by,
      Tensor z,
      Tensor noise,
      Sampling how,
      StepDraws draws,
      UnaryOperator<Tensor> guard,
      Sampler.Path path) {
    int n = z.shape().at(0);
    // What doesn't change over the steps is computed once: a row of condition for every token of
    // every image, shared by its samples, and one for every token without an image.
    ConditionedHead given = by.given(by.condition(z));
    Denoiser net = parametrisation.guidesItself() ? given : given.guided(how.guidance());
    Tensor x = parametrisation.sampler(how).sample(net, noise, draws::step, guard, path);
    return x.reshape(how.samples(), n, tokens.width()).mean(0);
  }

  /// The multiply-accumulates that generating one image's feature takes, in batches so large that
  /// what a batch shares costs an image nothing; the student's own are not counted.
  public long macs(Sampling how) {
    return macs(how, 2) - macs(how, 1);
  }

  private long macs(Sampling how, int images) {
    return Cost.macs(tape -> {
      DenoisingHead counted = Module.blank(tape.device(), new DenoisingHead(head.size()));
      Tensor z = tape.fill(Shape.of(images, student.featureWidth()), 0);
      StepDraws draws = new StepDraws(0, 0);
      Tensor noise = noise(images, how.samples(), draws);
      generate(counted, z, noise, how, draws, UnaryOperator.identity(), Sampler.Path.UNSEEN);
    });
  }

  /// The teacher's classifier on generated features.
  public Tensor logits(Tensor images, Sampling how, StepDraws draws) {
    Tensor feature = student.embed(images);
    return teacher.classify(generate(feature, how, draws, Sampler.Path.UNSEEN));
  }

  /// How many numbers of noise the generation of one feature begins with.
  public int noiseWidth() {
    return tokens.width();
  }

  /// The states between noise and feature, one block of features `[samples n, d]` a state, for
  /// pictures. Run it in a tape.
  public List<float[]> trajectory(Tensor images, Sampling how, StepDraws draws) {
    List<float[]> states = new ArrayList<>();
    generate(
        student.embed(images), how, draws, (state, x) -> states.add(tokens.join(x).toFloats()));
    return states;
  }

  /// The student's own classifier, and the teacher's on generated features with one sample and with
  /// five.
  @Override
  public SequencedMap<String, Classifier> classifiers() {
    SequencedMap<String, Classifier> all = super.classifiers();
    for (int samples : new int[] {1, 5}) {
      Sampling how = options.sampling().samples(samples);
      all.put("generated x" + samples, (images, draws) -> logits(images, how, draws));
    }
    return all;
  }
}
