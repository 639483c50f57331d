package retort.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import retort.experiments.run.Accuracy;
import retort.experiments.terminal.Table;

class PageTest {
  private static final List<String> CLASSES =
      List.of(
          "T-shirt",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Boot");

  private static LineChart curves() {
    double[] epochs = IntStream.rangeClosed(1, 12).asDoubleStream().toArray();
    var chart = new LineChart("Accuracy by epoch", "epoch", "validation accuracy, %");
    String[] names = {"labels only", "KD", "GenDD"};
    for (int m = 0; m < names.length; m++) {
      int method = m;
      chart.curve(
          names[m],
          epochs,
          IntStream.rangeClosed(1, 12)
              .mapToDouble(e -> 91 + method - 40 * Math.exp(-e / (2.0 + method)))
              .toArray());
    }
    return chart;
  }

  private static BarChart bars() {
    var chart = new BarChart("Test accuracy", "accuracy, %").from(84);
    int[] correct = {1820, 1742, 1751, 1768};
    String[] names = {"teacher", "labels only", "KD", "GenDD, 5 samples"};
    for (int i = 0; i < names.length; i++) {
      Accuracy a = Accuracy.of(correct[i], 2000);
      chart.bar(names[i], 100 * a.value(), 100 * a.low(), 100 * a.high(), a.toString());
    }
    return chart;
  }

  /// Ten clusters in 16 dimensions, reached from noise in straight lines.
  private static String generation() {
    Random random = new Random(7);
    double[][] centres = new double[10][16];
    for (double[] centre : centres)
      for (int j = 0; j < 16; j++) centre[j] = 3 * random.nextGaussian();
    int n = 200;
    int[] classes = new int[n];
    double[][][] states = new double[6][n][16];
    for (int i = 0; i < n; i++) {
      classes[i] = i % 10;
      for (int j = 0; j < 16; j++) {
        double noise = 4 * random.nextGaussian();
        double clean = centres[classes[i]][j] + 0.5 * random.nextGaussian();
        for (int s = 0; s < 6; s++) states[s][i][j] = noise + (clean - noise) * s / 5;
      }
    }
    var trajectories = new Trajectories(PrincipalPlane.fit(states[5]), CLASSES);
    return trajectories.svg(
        states,
        List.of("noise", "13 of 64", "26 of 64", "38 of 64", "51 of 64", "sample"),
        classes);
  }

  private static Page page() {
    Table table = new Table("model", "accuracy", "parameters", "MACs");
    table.row("teacher resnet20x2", Accuracy.of(1820, 2000), "1,082,746", "161.8 M");
    table.row("student, GenDD", Accuracy.of(1768, 2000), "77,850", "12.5 M");
    var loss = new LineChart("Loss", "step", "loss").logY().logX();
    double[] steps = IntStream.rangeClosed(1, 500).asDoubleStream().toArray();
    loss.curve(
        "noise prediction",
        steps,
        IntStream.rangeClosed(1, 500).mapToDouble(s -> Math.pow(s, -0.6)).toArray());
    return new Page(
            "Distilling a ResNet-8 <by> generation", "Fashion-MNIST, 8,000 training images.")
        .table(table)
        .note("Heads are smaller than the paper's.")
        .section("Accuracy")
        .figure(bars().svg(), "Test accuracy with 95 % intervals.")
        .figure(curves().svg(), "Validation accuracy.")
        .section("Loss")
        .figure(loss.svg(), "Loss of the head.")
        .section("How features are generated")
        .figure(generation(), "From noise to classes.")
        .folded("Manifest", "{\n  \"seed\": 7\n}");
  }

  @Test
  void isOneFileThatNeedsNothingElse() throws IOException {
    String html = page().html();
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains(
            "<style>",
            "prefers-color-scheme: dark",
            "<svg ",
            "Distilling a ResNet-8 &lt;by&gt; generation")
        .contains("<td class=\"number\">77,850</td>")
        .contains("&quot;seed&quot;: 7")
        .doesNotContain("<script", "http://", "https://", "<link", "NaN", "Infinity");
    Path shown = Path.of("target", "sample-report.html");
    Files.writeString(shown, html);
  }

  @Test
  void drawsWellFormedSvg() throws Exception {
    for (String svg : List.of(curves().svg(), bars().svg(), generation())) {
      var root =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(svg)))
              .getDocumentElement();
      assertThat(root.getTagName()).isEqualTo("svg");
      assertThat(root.getAttribute("aria-label")).isNotBlank();
    }
    assertThat(curves().svg().split("class=\"curve ", -1)).hasSize(1 + 3);
    assertThat(curves().svg()).contains(">KD</text>", "labels only: epoch 1,");
    assertThat(bars().svg()).contains(">88.4 % [86.9, 89.7]</text>");
    assertThat(generation()).contains(">Trouser</text>", ">noise</text>", "class=\"trail s9\"");
  }

  @Test
  void leavesOutWhatIsNoNumber() {
    String svg =
        new LineChart("t", "x", "y")
            .curve("c", new double[] {1, 2, 3}, new double[] {1, Double.NaN, 2})
            .svg();
    assertThat(svg).doesNotContain("NaN");
    assertThat(svg.split("<circle", -1)).hasSize(1 + 2);
  }

  @Test
  void drawsEvenNothing() {
    assertThat(new LineChart("t", "x", "y").svg()).contains("<svg").doesNotContain("NaN");
    assertThat(new LineChart("t", "x", "y").curve("flat", new double[] {1}, new double[] {5}).svg())
        .doesNotContain("NaN");
  }

  @Test
  void refusesCurvesAndStepsThatDoNotMatch() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LineChart("t", "x", "y").curve("c", new double[2], new double[3]))
        .withMessage("curve 'c': 2 x values, 3 y values");
    var plane = PrincipalPlane.fit(new double[][] {{0, 0}, {1, 1}});
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new Trajectories(plane, CLASSES).svg(new double[2][1][2], List.of("a"), new int[1]))
        .withMessage("2 steps, 1 names for them");
  }
}
