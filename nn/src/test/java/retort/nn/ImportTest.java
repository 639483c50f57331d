package retort.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.data.Dataset;
import retort.nn.data.Normalisation;
import retort.nn.data.Views;
import retort.nn.io.ArrayFile;
import retort.nn.io.Json;
import retort.nn.io.StoredArray;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;

class ImportTest {
  private static final int PIXELS = 32 * 32;

  private final Device device = Device.cpu();

  /// A net that somebody else trained with PyTorch, its published logits and hits.
  @Test
  void aPublishedResNet56GivesThePublishedLogits() throws IOException {
    var weights = SharedData.file("weights/resnet56-cifar10.th");
    var images = SharedData.file("weights/cifar10-test-500.bin");
    var expected = SharedData.file("weights/resnet56-cifar10-expected.json");
    Backbone net = Module.blank(device, Backbones.make("resnet56a", 3, 10));
    LoadReport report = Import.into(net, ArrayFile.read(weights), Import.Layout.TORCH);
    assertThat(report.toString()).isEqualTo("277 tensors fit");

    Dataset data = records(Files.readAllBytes(images));
    Evaluation evaluation = Evaluation.of(net, Views.plain(data), 100);
    assertThat(evaluation.correct()).isEqualTo(475);

    List<?> rows =
        (List<?>) ((Map<?, ?>) Json.parse(Files.readString(expected))).get("logits_first_8");
    float[] first = new float[8 * 3 * PIXELS];
    for (int i = 0; i < 8; i++) Views.plain(data).write(0, i, 0, first, i * 3 * PIXELS);
    net.eval();
    float[] logits =
        Tape.infer(device, t -> net.apply(t.input(Shape.of(8, 32, 32, 3), first)).toFloats());
    for (int i = 0; i < 80; i++) {
      double value = ((Number) ((List<?>) rows.get(i / 10)).get(i % 10)).doubleValue();
      assertThat((double) logits[i]).isCloseTo(value, within(1e-3));
    }
  }

  /// A label and three planes a record, as CIFAR-10 has them.
  private static Dataset records(byte[] file) {
    int n = file.length / (1 + 3 * PIXELS);
    byte[] pixels = new byte[n * 3 * PIXELS];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      int at = i * (1 + 3 * PIXELS);
      labels[i] = file[at];
      for (int p = 0; p < PIXELS; p++) {
        for (int c = 0; c < 3; c++) {
          pixels[(i * PIXELS + p) * 3 + c] = file[at + 1 + c * PIXELS + p];
        }
      }
    }
    List<String> classes = Arrays.stream(labels).sorted().distinct().mapToObj(c -> "" + c).toList();
    return new Dataset("cifar10", 32, 32, 3, pixels, labels, classes, Normalisation.imageNet());
  }

  @Test
  void namesOfOtherCodeAndTheirLayoutAreMapped() {
    Sequential block = new Sequential().add("conv1", new Conv2d(2, 1, 2).noBias());
    Sequential net = new Sequential().add("blocks", block).add("fc", new Linear(1, 2));
    Module.blank(device, net);
    StoredArray conv =
        StoredArray.of(
            "module.blocks.conv.0.weight",
            new int[] {1, 2, 2, 2},
            new float[] {1, 2, 3, 4, 5, 6, 7, 8});
    StoredArray fc = StoredArray.of("module.linear.weight", new int[] {2, 1}, new float[] {9, 10});
    StoredArray bias = StoredArray.of("module.fc.bais", new int[] {2}, new float[2]);
    StoredArray count =
        StoredArray.of("module.bn.num_batches_tracked", new int[] {}, new long[] {7});
    LoadReport report =
        Import.into(
            net, ArrayFile.of(List.of(conv, fc, bias, count), Map.of()), Import.Layout.TORCH);
    assertThat(net.state().get("blocks.conv1.weight").toFloats())
        .containsExactly(1, 5, 2, 6, 3, 7, 4, 8);
    assertThat(net.state().get("fc.weight").toFloats()).containsExactly(9, 10);
    assertThat(report)
        .hasToString("2 tensors fit; 1 missing: fc.bias; 1 unexpected: fc.bais (is it fc.bias?)");
  }

  @Test
  void aSecondClaimToAPathIsReported() {
    Linear net = new Linear(1, 1).noBias();
    Sequential model = Module.blank(device, new Sequential().add("fc", net));
    StoredArray one = StoredArray.of("fc.weight", new int[] {1, 1}, new float[] {1});
    StoredArray two = StoredArray.of("head.weight", new int[] {1, 1}, new float[] {2});
    LoadReport report =
        Import.into(model, ArrayFile.of(List.of(one, two), Map.of()), Import.Layout.RETORT);
    assertThat(report.unexpected()).containsExactly("head.weight");
    assertThat(net.weight().item()).isEqualTo(1);
  }
}
