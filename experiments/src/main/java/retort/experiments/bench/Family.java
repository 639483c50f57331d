package retort.experiments.bench;

/// Works that are judged together: the unit of their speed, and what is asked of the ratio ours /
/// theirs, over the better of the peer's layouts.
///
/// @see #geometricMean
public enum Family {
  SGEMM("matrix products", Unit.GFLOPS, 1.05, 0.95),
  CONVOLUTION("convolutions of ResNet-20 and ResNet-18", Unit.GFLOPS, 1.5, 0.95),
  MOBILENET("depthwise and 1x1 convolutions of MobileNetV1", Unit.GFLOPS, 1.1, 0.9),
  MEMORY("elementwise, normalisation, softmax, optimiser", Unit.GIGABYTES, 1.5, 1.5),
  RESNET20("training step of ResNet-20", Unit.IMAGES, 1.7, 1.7),
  CIFAR("training steps of ResNet-8x4 and WRN-16-2", Unit.IMAGES, 1.6, 1.6),
  RESNET18("training step of ResNet-18", Unit.IMAGES, 1.5, 1.5),
  MOBILENET_STEP("training step of MobileNetV1", Unit.IMAGES, 1.2, 1.2),
  HEAD("training step of the denoising head", Unit.ROWS, 1.3, 1.3),
  SAMPLING("guided sampling", Unit.TOKENS, 2, 2);

  /// In what speed is told.
  public enum Unit {
    GFLOPS("GFLOP/s", 1e9),
    GIGABYTES("GB/s", 1e9),
    IMAGES("images/s", 1),
    ROWS("rows/s", 1),
    TOKENS("tokens/s", 1);

    private final String label;
    private final double scale;

    Unit(String label, double scale) {
      this.label = label;
      this.scale = scale;
    }

    public String label() {
      return label;
    }

    double speed(double amount, double seconds) {
      return amount / seconds / scale;
    }
  }

  private final String title;
  private final Unit unit;
  private final double geometricMean;
  private final double worst;

  Family(String title, Unit unit, double geometricMean, double worst) {
    this.title = title;
    this.unit = unit;
    this.geometricMean = geometricMean;
    this.worst = worst;
  }

  public String title() {
    return title;
  }

  public Unit unit() {
    return unit;
  }

  /// What the geometric mean of the ratios should reach.
  public double geometricMean() {
    return geometricMean;
  }

  /// What no single ratio should be below.
  public double worst() {
    return worst;
  }
}
