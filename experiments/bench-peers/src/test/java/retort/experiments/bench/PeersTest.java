package retort.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import retort.experiments.bench.ConvolutionPass.Pass;
import retort.experiments.bench.Report.Ruler;
import retort.experiments.bench.peers.OpenBlas;
import retort.experiments.bench.peers.PyTorch;
import retort.tensor.Convolution;
import retort.tensor.Pooling;
import retort.tensor.Product;
import retort.tensor.Shape;
import retort.tensor.Unary;

/// Every kind of work, small: the peers come to our results in each of their layouts. (The harness
/// refuses to time what doesn't agree.)
class PeersTest {
  private static final List<Peer> PEERS = List.of(new OpenBlas(), new PyTorch());

  private static Stream<Work> works() {
    var plain = new Convolution(2, 9, 9, 8, 12, 3, 3, 2, 1, 1);
    var depthwise = new Convolution(2, 9, 9, 8, 8, 3, 3, 1, 1, 8);
    Shape x = Shape.of(2, 5, 5, 8);
    Stream<Work> convolutions =
        Stream.of(plain, depthwise)
            .flatMap(g ->
                Stream.of(Pass.values())
                    .map(pass -> new ConvolutionPass(Family.CONVOLUTION, g, pass)));
    Stream<Work> functions =
        Stream.of(Unary.RELU, Unary.SIGMOID, Unary.TANH, Unary.SILU, Unary.GELU)
            .flatMap(f -> Stream.of(false, true).map(g -> new Elementwise(f, g, 1024)));
    Stream<Work> rows =
        Stream.of(false, true)
            .flatMap(g ->
                Stream.of(
                    new BatchNormalisation(x, false, g),
                    new BatchNormalisation(x, true, g),
                    new LayerNormalisation(6, 24, g),
                    new Modulation(6, 24, g),
                    new SoftmaxRows(6, 24, g),
                    new PoolingPass(new Pooling(2, 9, 9, 8, 3, 2, 1, true), g),
                    new OptimiserUpdate(g, 1024)));
    Stream<Work> others =
        Stream.of(
            new MatrixProduct(Product.of(5, 7, 9, false, false)),
            new MatrixProduct(Product.of(5, 7, 9, true, false)),
            new MatrixProduct(Product.of(5, 7, 9, false, true)),
            new Addition(1024),
            new Elementwise(Unary.EXP, false, 1024),
            new ColumnMeans(x),
            new TrainingStep(Family.RESNET20, "resnet20", 32, 4),
            new TrainingStep(Family.CIFAR, "resnet8x4", 32, 4),
            new TrainingStep(Family.CIFAR, "wrn_16_2", 32, 4),
            new TrainingStep(Family.RESNET18, "resnet18", 96, 4),
            // Whole size: on small maps rounding grows until PyTorch disagrees with itself.
            new TrainingStep(Family.MOBILENET_STEP, "mobilenetv1", 224, 4),
            new HeadTraining(64),
            new HeadSampling(64));
    return Stream.of(convolutions, functions, rows, others).flatMap(s -> s);
  }

  @ParameterizedTest
  @MethodSource("works")
  void agreesAndIsTimed(Work work) {
    var benchmark = new Benchmark("cpu", PEERS, new Pace(0, 0, 0, 0, 1, 1, 0), text -> {});
    List<Row> rows = new ArrayList<>();
    benchmark.measure(List.of(work), new Ruler(1, 1, 1), rows::add);
    Row row = rows.getFirst();
    assertThat(row.ratio()).isPositive();
    boolean images = work.inputs().stream().anyMatch(s -> s.rank() == 4);
    assertThat(row.peers())
        .hasSize(images ? 2 : 1)
        .allSatisfy((name, speed) -> {
          assertThat(name).matches("(OpenBLAS|PyTorch) \\d+\\.\\d+\\.\\d+.*");
          assertThat(speed).isPositive();
        });
  }
}
