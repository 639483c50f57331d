package retort.nn.backbone;

import java.util.List;
import retort.nn.Conv2d;
import retort.nn.Declared;
import retort.nn.Init;
import retort.nn.Layer;
import retort.nn.LayerNorm;
import retort.nn.Linear;
import retort.nn.Sequential;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Tensor;
import retort.tensor.TensorOps;

/// The vision transformers of BEiT v2 (Peng et al., arXiv 2208.06366; blocks as in BEiT, arXiv
/// 2106.08254): relative position biases in every block instead of position embeddings, a learned
/// scale on each branch, and as feature the normalised mean of the patch tokens, the class token
/// left out.
///
/// Named as in the published checkpoints. It has no maps `[n, h, w, c]`, so no stages; and no
/// stochastic depth, since it serves as a teacher.
public final class Beit extends Backbone {
  static final double EPS = 1e-6;
  static final double STD = .02; // of every linear map at the start

  private final int imageSize;
  private final int width;
  private final Layer patches;
  private final Declared<Parameter> classToken;
  private final Sequential blocks;
  private final LayerNorm fcNorm;
  private final Linear head;

  /// @param imageSize height and width, a multiple of the patch
  /// @param scale what the scale of each branch begins with
  public Beit(
      int imageSize,
      int patch,
      int width,
      int depth,
      int heads,
      double scale,
      int channels,
      int classes) {
    if (imageSize % patch != 0 || width % heads != 0) {
      throw new IllegalArgumentException(
          "beit: patches of %d don't tile an image of %d, or %d heads don't divide the width %d"
              .formatted(patch, imageSize, heads, width));
    }
    this.imageSize = imageSize;
    this.width = width;
    Conv2d projection = new Conv2d(channels, width, patch, patch, 0);
    projection.init(Init.normal(STD)).initBias(Init.zeros());
    patches = child("patch_embed", new Sequential().add("proj", projection));
    classToken = parameter("cls_token", Shape.of(1, 1, width), Init.normal(STD));
    blocks = child("blocks", new Sequential());
    for (int i = 1; i <= depth; i++) {
      blocks.add(new BeitBlock(imageSize / patch, width, heads, scale, i));
    }
    fcNorm = child("fc_norm", new LayerNorm(width, EPS, true));
    head = child("head", new Linear(width, classes));
    // The published start: a head of almost zero, so that fine-tuning begins at the mean.
    head.init(Init.normal(STD * .001), Init.zeros());
  }

  @Override
  protected Tensor body(Tensor x) {
    Shape s = x.shape();
    if (s.rank() != 4 || s.at(1) != imageSize || s.at(2) != imageSize) {
      throw ShapeException.of(
          "beit", "wants images [n, %d, %d, c]".formatted(imageSize, imageSize), s);
    }
    Tensor tokens = patches.apply(x).reshape(s.at(0), -1, width);
    Tensor first = classToken.get().expand(s.at(0), 1, width);
    Tensor y = blocks.apply(TensorOps.concat(1, first, tokens));
    return fcNorm.apply(y.narrow(1, 1, tokens.shape().at(1)).mean(1));
  }

  @Override
  public List<Stage> stages() {
    return List.of();
  }

  @Override
  public Linear classifier() {
    return head;
  }
}
