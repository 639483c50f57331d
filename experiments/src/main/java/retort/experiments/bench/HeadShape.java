package retort.experiments.bench;

import java.util.SequencedMap;
import retort.gendd.diffusion.DenoisingHead;
import retort.tensor.Shape;

/// The denoising head that is measured: that of the pair ResNet-32x4 and ResNet-8x4, whose features
/// of 256 numbers are four tokens of 64. Sixty-four images make 256 tokens.
public final class HeadShape {
  public static final int TOKEN = 64;
  public static final int TOKENS = 4;
  public static final int CONDITION = 256;
  public static final int DEPTH = 3;
  public static final int IMAGES = 64;

  private HeadShape() {}

  static DenoisingHead.Size of(int width) {
    return new DenoisingHead.Size(TOKEN, TOKENS, CONDITION, width, DEPTH, 2 * TOKEN);
  }

  static SequencedMap<String, Shape> parameters(int width) {
    return new DenoisingHead(of(width)).parameterShapes();
  }
}
