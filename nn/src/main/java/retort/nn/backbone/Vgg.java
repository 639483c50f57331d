package retort.nn.backbone;

import java.util.ArrayList;
import java.util.List;
import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Init;
import retort.nn.Layer;
import retort.nn.Linear;
import retort.tensor.Tensor;

/// VGG with batch normalisation (Simonyan and Zisserman, arXiv 1409.1556) as distillation papers
/// run it on 32x32 images: five blocks, halved after the first three, and one linear layer on the
/// averaged map. An image of 64x64 is halved once more.
public final class Vgg extends Backbone {
  private static final int[] WIDTHS = {64, 128, 256, 512, 512};

  private final List<Block> blocks = new ArrayList<>();
  private final Linear classifier;

  /// @param depth convolutions a block
  public Vgg(int depth, int channels, int classes) {
    int in = channels;
    for (int i = 0; i < WIDTHS.length; i++) {
      blocks.add(child("block" + i, new Block(in, WIDTHS[i], depth)));
      in = WIDTHS[i];
    }
    classifier = child("classifier", new Linear(in, classes));
    classifier.init(Init.normal(.01), Init.zeros());
  }

  @Override
  protected Tensor body(Tensor x) {
    boolean large = x.shape().at(1) == 64;
    for (int i = 0; i < blocks.size(); i++) {
      x = blocks.get(i).apply(x);
      if (i < 3 || i == 3 && large) x = x.maxPool2d(2, 2, 0);
    }
    return x.globalAvgPool();
  }

  @Override
  public List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      String path = "block" + i;
      stages.add(new Stage(path, path, path + "." + blocks.get(i).lastNorm()));
    }
    return List.copyOf(stages);
  }

  @Override
  public Linear classifier() {
    return classifier;
  }

  /// Convolutions, each normalised and rectified, at the places they have in the PyTorch nets'
  /// lists: 0, 3, ... and 1, 4, ...
  private static final class Block extends Layer {
    private final List<Conv2d> convs = new ArrayList<>();
    private final List<BatchNorm> norms = new ArrayList<>();

    Block(int in, int out, int depth) {
      for (int i = 0; i < depth; i++) {
        Conv2d conv = new Conv2d(i == 0 ? in : out, out, 3, 1, 1);
        conv.init(Init.kaimingNormalFanOut()).initBias(Init.zeros());
        convs.add(child(Integer.toString(3 * i), conv));
        norms.add(child(Integer.toString(3 * i + 1), new BatchNorm(out)));
      }
    }

    @Override
    protected Tensor forward(Tensor x) {
      for (int i = 0; i < convs.size(); i++) x = norms.get(i).relu(convs.get(i).apply(x));
      return x;
    }

    String lastNorm() {
      return Integer.toString(3 * convs.size() - 2);
    }
  }
}
