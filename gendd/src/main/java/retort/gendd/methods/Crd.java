package retort.gendd.methods;

import java.util.stream.IntStream;
import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.nn.Linear;
import retort.tensor.Philox;
import retort.tensor.Tensor;

/// Contrastive representation distillation: of one image, the embeddings of student and teacher
/// should meet; of images of different classes they should not ("Contrastive representation
/// distillation", arXiv 1910.10699). Both embeddings of every training image are remembered; scores
/// against a bank are one matrix product, and each image's negatives are looked up in it.
///
/// The banks hold two rows of `width` numbers for every training image.
public final class Crd extends Distiller {
  private final Options options;
  private final Linear studentEmbedding;
  private final Linear teacherEmbedding;
  private final MemoryBank studentBank;
  private final MemoryBank teacherBank;
  private final int[] labels;
  private Seen last;

  /// What the banks take in when a step's gradients are there.
  private record Seen(int[] images, Tensor student, Tensor teacher) {}

  /// @param ce weight of the labels' loss
  /// @param crd weight of the contrast
  /// @param width of the embeddings
  /// @param negatives how many images of other classes each image is told from
  /// @param temperature what scores are divided by
  public record Options(double ce, double crd, int width, int negatives, double temperature) {}

  public Crd(Setting setting, Options options) {
    super(setting.student(), setting.teacher());
    this.options = options;
    labels = setting.labels();
    if (IntStream.of(labels).distinct().count() < 2) {
      throw new IllegalArgumentException(
          "crd tells images of different classes apart, but the "
              + labels.length
              + " training images have fewer than two");
    }
    int width = options.width();
    studentEmbedding = child("studentEmbedding", new Linear(student.featureWidth(), width));
    teacherEmbedding = child("teacherEmbedding", new Linear(teacher.featureWidth(), width));
    studentBank = child("studentBank", new MemoryBank(labels.length, width));
    teacherBank = child("teacherBank", new MemoryBank(labels.length, width));
  }

  @Override
  protected Losses losses(Step step) {
    Tensor feature = student.embed(step.images());
    Tensor ce = step.labels().crossEntropy(student.classify(feature)).mean();
    Tensor s = Maps.unit(studentEmbedding.apply(feature));
    Tensor t = Maps.unit(teacherEmbedding.apply(teacher.embed(step.images())));
    int[] seen = step.indices();
    int[] compared = compared(seen, step.draws().of("crd.negatives"));
    double heat = options.temperature();
    Tensor contrast =
        teacherBank
            .contrast(s, seen, compared, heat)
            .add(studentBank.contrast(t, seen, compared, heat));
    last = new Seen(seen, s.detach(), t.detach());
    return Losses.of("ce", ce.mul(options.ce())).and("crd", contrast.mul(options.crd()));
  }

  @Override
  protected void remember() {
    studentBank.remember(last.student(), last.images());
    teacherBank.remember(last.teacher(), last.images());
    last = null;
  }

  /// The training images that each image is compared with: itself, then the negatives, drawn with
  /// replacement from the other classes.
  private int[] compared(int[] seen, Philox draws) {
    int each = 1 + options.negatives();
    int[] out = new int[seen.length * each];
    long draw = 0;
    for (int i = 0; i < out.length; i++) {
      int own = seen[i / each];
      out[i] = own;
      if (i % each == 0) continue;
      while (labels[out[i]] == labels[own]) out[i] = draws.below(draw++, labels.length);
    }
    return out;
  }
}
