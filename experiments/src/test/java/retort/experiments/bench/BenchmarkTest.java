package retort.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import retort.experiments.Failure;
import retort.experiments.bench.ConvolutionPass.Pass;
import retort.experiments.bench.Report.Ruler;
import retort.experiments.run.Json;
import retort.tensor.Convolution;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Unary;
import tools.jackson.databind.JsonNode;

/// The harness on works small enough to be over at once; no time is asserted.
class BenchmarkTest {
  private static final Pace AT_ONCE = new Pace(0, 0, 0, 0, 1, 1, 0);
  private static final Ruler RULER = new Ruler(1, 100, 10);

  private static final Convolution SMALL = new Convolution(2, 5, 5, 3, 4, 3, 3, 1, 1, 1);

  /// One of each kind of work.
  private static final List<Work> WORKS =
      List.of(
          MatrixProduct.of(3, 4, 5),
          new ConvolutionPass(Family.CONVOLUTION, SMALL, Pass.FORWARD),
          new ConvolutionPass(Family.CONVOLUTION, SMALL, Pass.GRAD_INPUT),
          new ConvolutionPass(Family.CONVOLUTION, SMALL, Pass.GRAD_WEIGHT),
          new Addition(2048),
          new Elementwise(Unary.SILU, true, 2048),
          new BatchNormalisation(Shape.of(2, 3, 3, 4), true, false),
          new BatchNormalisation(Shape.of(2, 3, 3, 4), true, true),
          new LayerNormalisation(3, 8, true),
          new Modulation(3, 8, true),
          new SoftmaxRows(3, 8, true),
          new ColumnMeans(Shape.of(2, 3, 3, 4)),
          new OptimiserUpdate(true, 2048));

  /// Runs the same work on the reference device, where it is asked to with one number off.
  private record Judge(float error) implements Peer {
    @Override
    public String name() {
      return "judge";
    }

    @Override
    public void threads(int threads) {}

    @Override
    public void trim() {}

    @Override
    public List<Contender> contenders(Work work, float[][] inputs) {
      Ours exact = new OurKernel((KernelWork) work, Device.reference());
      return List.of(
          new Contender() {
            @Override
            public String name() {
              return "judge";
            }

            @Override
            public void run() {
              exact.run();
            }

            @Override
            public float[][] results() {
              float[][] results = exact.results();
              results[0][1] += error;
              return results;
            }

            @Override
            public void close() {
              exact.close();
            }
          });
    }
  }

  private static List<Row> measure(Peer... peers) {
    var said = new ArrayList<String>();
    List<Row> rows = new ArrayList<>();
    new Benchmark("cpu", List.of(peers), AT_ONCE, said::add).measure(WORKS, RULER, rows::add);
    assertThat(said).hasSameSizeAs(WORKS).first().isEqualTo("1/13  sgemm 3x4x5 NN, 1 thread");
    return rows;
  }

  @Test
  void measuresEveryKindOfWork() {
    List<Row> rows = measure();
    assertThat(rows).extracting(Row::name).containsExactlyElementsOf(names(WORKS));
    assertThat(rows).allMatch(r -> r.ours() > 0 && r.ofPeak() > 0 && r.ratio() == null);
  }

  @Test
  void agreesWithTheReferenceDeviceAndComparesWithIt() {
    for (Row row : measure(new Judge(0))) {
      assertThat(row.peer()).isEqualTo("judge");
      assertThat(row.theirs()).isEqualTo(row.peers().get("judge")).isPositive();
      assertThat(row.ratio()).isEqualTo(row.ours() / row.theirs());
    }
  }

  @Test
  void refusesToTimeAPeerThatDoesOtherWork() {
    assertThatThrownBy(() -> measure(new Judge(1)))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("Retort and judge come to different results: result 0 at 1: ");
    assertThatThrownBy(() -> measure(new Judge(Float.NaN)))
        .hasMessageContaining("against NaN, root mean square NaN");
    assertThatThrownBy(() -> Agreement.check("w", "p", new float[][] {{1}}, new float[][] {{1, 2}}))
        .hasMessageContaining("result 0 has 1 numbers against 2");
    assertThatThrownBy(() -> Agreement.check("w", "p", new float[1][1], new float[2][1]))
        .hasMessageContaining("1 results against 2");
  }

  @Test
  void measuresWholeSteps() {
    List<Work> steps =
        List.of(
            new TrainingStep(Family.CIFAR, "resnet8", 32, 2),
            new HeadTraining(16),
            new HeadSampling(16));
    var benchmark = new Benchmark("cpu", List.of(), AT_ONCE, text -> {});
    List<Row> rows = new ArrayList<>();
    benchmark.measure(steps, RULER, rows::add);
    assertThat(rows)
        .allMatch(r -> r.ours() > 0 && r.ofPeak() == null && r.ourMiB() > 0)
        .extracting(Row::unit)
        .containsExactly("images/s", "rows/s", "tokens/s");
  }

  @Test
  void stepsLearnFromWhatPeersAreGiven() {
    var step = new TrainingStep(Family.CIFAR, "resnet8", 32, 2);
    Ours ours = new OurTraining(step, Device.cpu(1));
    assertThat(ours.inputs().length).isEqualTo(step.inputs().size());
    for (int i = 0; i < ours.inputs().length; i++) {
      assertThat(ours.inputs()[i]).hasSize(step.inputs().get(i).size());
    }
    float[] losses = ours.results()[0];
    assertThat(losses[0]).isBetween(1f, 20f);
    assertThat(losses[2]).isLessThan(losses[0]);
    float[] again = new OurTraining(step, Device.cpu(1)).results()[0];
    assertThat(again).containsExactly(losses);
  }

  @Test
  void writesRowsAsJson() {
    var report =
        new Report(
            "c",
            "2025-01-01",
            "x",
            2,
            "os",
            "jvm",
            "cpu",
            List.of("judge"),
            List.of(RULER),
            measure(new Judge(0)));
    JsonNode row = Json.parse(Json.pretty(report)).get("rows").get(0);
    assertThat(row.propertyNames())
        .containsExactly(
            "name",
            "family",
            "threads",
            "ours",
            "theirs",
            "unit",
            "ratio",
            "ofPeak",
            "peer",
            "peers",
            "rounds",
            "undisturbed");
    assertThat(row.get("name").asString()).isEqualTo("sgemm 3x4x5 NN");
    assertThat(row.get("unit").asString()).isEqualTo("GFLOP/s");
    assertThat(Json.parse(Json.pretty(report), Report.class)).isEqualTo(report);
    JsonNode alone = Json.parse(Json.line(measure().getFirst()));
    assertThat(alone.has("theirs") || alone.has("ratio") || alone.has("peer")).isFalse();
  }

  @Test
  void namesNoTwoWorksAlike() {
    List<String> names = names(Catalogue.all());
    Set<String> once = new HashSet<>();
    assertThat(names).allMatch(once::add);
    assertThat(Catalogue.all()).allMatch(w -> w.amount() > 0);
  }

  private static List<String> names(List<Work> works) {
    return works.stream().map(Work::name).toList();
  }
}
