package retort.experiments.bench;

import java.util.ArrayList;
import java.util.List;
import retort.experiments.bench.ConvolutionPass.Pass;
import retort.tensor.Convolution;
import retort.tensor.Pooling;
import retort.tensor.Product;
import retort.tensor.Shape;
import retort.tensor.Unary;

/// Everything that is measured. The shapes are those of the networks that the whole steps train.
final class Catalogue {
  private static final int KIB = 1 << 8; // in floats
  private static final int MIB = 1 << 18;

  private Catalogue() {}

  /// What a device is measured with: a card also with works that fill it.
  static List<Work> of(String device) {
    if (device.equals("cpu")) return all();
    List<Work> more = new ArrayList<>(all());
    more.addFirst(MatrixProduct.of(4096, 4096, 4096));
    more.add(new HeadTraining(1024, 30)); // 7,680 rows
    more.add(new HeadSampling(1024, 1024)); // 4,096 tokens
    return more;
  }

  static List<Work> all() {
    List<Work> all = new ArrayList<>();
    products(all);
    convolutions(all);
    mobileNet(all);
    memory(all);
    steps(all);
    return List.copyOf(all);
  }

  private static void products(List<Work> all) {
    for (int n : new int[] {256, 512, 1000, 1024, 2048}) all.add(MatrixProduct.of(n, n, n));
    all.add(new MatrixProduct(Product.of(1024, 1024, 1024, true, false)));
    all.add(new MatrixProduct(Product.of(1024, 1024, 1024, false, true)));
    int[][] shapes = {
      // convolutions of ResNet-20 (batch 128) and ResNet-18 written out as products
      {16, 32768, 144},
      {32, 8192, 288},
      {64, 8192, 576},
      {64, 3136, 576},
      {128, 784, 1152},
      {256, 196, 2304},
      {512, 49, 4608},
      // 1x1 convolutions of MobileNetV1
      {12544, 64, 32},
      {3136, 512, 512},
      {784, 1024, 1024},
      // the linear layers of the denoising head
      {2048, 768, 256},
      {7680, 3072, 1024},
    };
    for (int[] s : shapes) all.add(MatrixProduct.of(s[0], s[1], s[2]));
    all.add(new MatrixProduct(Product.of(128, 1000, 512, false, true)));
  }

  private static void convolutions(List<Work> all) {
    Family f = Family.CONVOLUTION;
    // ResNet-20 on 32x32, batch 128
    passes(all, f, new Convolution(128, 32, 32, 3, 16, 3, 3, 1, 1, 1));
    passes(all, f, new Convolution(128, 32, 32, 16, 16, 3, 3, 1, 1, 1));
    passes(all, f, new Convolution(128, 32, 32, 16, 32, 3, 3, 2, 1, 1));
    passes(all, f, new Convolution(128, 16, 16, 32, 32, 3, 3, 1, 1, 1));
    passes(all, f, new Convolution(128, 8, 8, 64, 64, 3, 3, 1, 1, 1));
    // ResNet-18 on 224x224, batch 16
    passes(all, f, new Convolution(16, 224, 224, 3, 64, 7, 7, 2, 3, 1));
    passes(all, f, new Convolution(16, 56, 56, 64, 64, 3, 3, 1, 1, 1));
    passes(all, f, new Convolution(16, 56, 56, 64, 128, 3, 3, 2, 1, 1));
    passes(all, f, new Convolution(16, 28, 28, 128, 128, 3, 3, 1, 1, 1));
    passes(all, f, new Convolution(16, 14, 14, 256, 256, 3, 3, 1, 1, 1));
    passes(all, f, new Convolution(16, 7, 7, 512, 512, 3, 3, 1, 1, 1));
  }

  private static void mobileNet(List<Work> all) {
    int[][] depthwise = {
      {112, 32, 1}, {112, 64, 2}, {56, 128, 1}, {28, 256, 1}, {14, 512, 1}, {7, 1024, 1}
    };
    for (int[] d : depthwise) {
      var g = new Convolution(16, d[0], d[0], d[1], d[1], 3, 3, d[2], 1, d[1]);
      passes(all, Family.MOBILENET, g);
    }
    int[][] pointwise = {
      {112, 32, 64},
      {56, 64, 128},
      {56, 128, 128},
      {28, 128, 256},
      {28, 256, 256},
      {14, 256, 512},
      {14, 512, 512},
      {7, 512, 1024},
      {7, 1024, 1024}
    };
    for (int[] p : pointwise) {
      var g = new Convolution(16, p[0], p[0], p[1], p[2], 1, 1, 1, 0, 1);
      passes(all, Family.MOBILENET, g);
    }
  }

  /// All three passes; of a first layer only two, for nobody wants the gradient of an image.
  private static void passes(List<Work> all, Family family, Convolution g) {
    for (Pass pass : Pass.values()) {
      if (g.c() == 3 && pass == Pass.GRAD_INPUT) continue;
      all.add(new ConvolutionPass(family, g, pass));
    }
  }

  private static void memory(List<Work> all) {
    for (int size : new int[] {16 * KIB, 256 * KIB, 4 * MIB, 32 * MIB}) {
      all.add(new Addition(size));
      all.add(new Elementwise(Unary.RELU, false, size));
    }
    all.add(new Elementwise(Unary.RELU, true, 4 * MIB));
    for (Unary f : new Unary[] {Unary.EXP, Unary.SIGMOID, Unary.TANH, Unary.SILU, Unary.GELU}) {
      all.add(new Elementwise(f, false, 4 * MIB));
      if (f != Unary.EXP) all.add(new Elementwise(f, true, 4 * MIB));
    }
    Shape[] images = {
      Shape.of(128, 32, 32, 16),
      Shape.of(128, 8, 8, 64),
      Shape.of(16, 56, 56, 64),
      Shape.of(16, 112, 112, 32),
      Shape.of(16, 14, 14, 256)
    };
    for (Shape x : images) {
      all.add(new BatchNormalisation(x, false, false));
      all.add(new BatchNormalisation(x, false, true));
    }
    all.add(new BatchNormalisation(images[0], true, false));
    all.add(new BatchNormalisation(images[0], true, true));
    for (int cols : new int[] {256, 1024}) {
      for (boolean gradient : new boolean[] {false, true}) {
        all.add(new LayerNormalisation(2048, cols, gradient));
        all.add(new Modulation(2048, cols, gradient));
      }
    }
    all.add(new SoftmaxRows(2048, 1000, false));
    all.add(new SoftmaxRows(2048, 1000, true));
    all.add(new SoftmaxRows(128, 10, true));
    Pooling stem = new Pooling(16, 112, 112, 64, 3, 2, 1, true);
    all.add(new PoolingPass(stem, false));
    all.add(new PoolingPass(stem, true));
    all.add(new ColumnMeans(images[1]));
    for (int size : new int[] {MIB, 16 * MIB}) {
      all.add(new OptimiserUpdate(false, size));
      all.add(new OptimiserUpdate(true, size));
    }
  }

  private static void steps(List<Work> all) {
    all.add(new TrainingStep(Family.RESNET20, "resnet20", 32, 128));
    all.add(new TrainingStep(Family.CIFAR, "resnet8x4", 32, 64));
    all.add(new TrainingStep(Family.CIFAR, "wrn_16_2", 32, 64));
    all.add(new TrainingStep(Family.RESNET18, "resnet18", 224, 16));
    all.add(new TrainingStep(Family.MOBILENET_STEP, "mobilenetv1", 224, 16));
    for (int width : new int[] {256, 1024}) all.add(new HeadTraining(width));
    for (int width : new int[] {256, 1024}) all.add(new HeadSampling(width));
  }
}
