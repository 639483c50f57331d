package retort.nn.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retort.nn.Cost;
import retort.nn.Import;
import retort.nn.LoadReport;
import retort.nn.Module;
import retort.nn.io.ArrayFile;
import retort.nn.io.StoredArray;
import retort.tensor.Shape;

/// The teachers' nets hold exactly what the published checkpoints hold, under the same names: those
/// of torchvision's `resnet.py`, and of BEiT's `modeling_finetune.py`, which timm kept.
class PublishedNamesTest {
  private final Map<String, Shape> published = new LinkedHashMap<>();

  private void conv(String name, int out, int in, int k) {
    published.put(name + ".weight", Shape.of(out, k, k, in)); // [out, in, k, k] in the file
  }

  private void norm(String name, int c) {
    for (String of : List.of("weight", "bias", "running_mean", "running_var")) {
      published.put(name + "." + of, Shape.of(c));
    }
  }

  private void linear(String name, int out, int in) {
    published.put(name + ".weight", Shape.of(out, in));
    published.put(name + ".bias", Shape.of(out));
  }

  private void layerNorm(String name, int d) {
    published.put(name + ".weight", Shape.of(d));
    published.put(name + ".bias", Shape.of(d));
  }

  private void stem() {
    conv("conv1", 64, 3, 7);
    norm("bn1", 64);
  }

  private static Map<String, Shape> ours(String model) {
    Map<String, Shape> shapes = new TreeMap<>();
    Cost.macs(tape -> {
      Backbone net = Module.blank(tape.device(), Backbones.named(model).make());
      net.state().forEach((path, t) -> shapes.put(path, t.shape()));
    });
    return shapes;
  }

  @Test
  void resnet34IsTorchvisions() {
    stem();
    int in = 64;
    for (int stage = 0; stage < 4; stage++) {
      int width = 64 << stage;
      for (int b = 0; b < new int[] {3, 4, 6, 3}[stage]; b++) {
        String block = "layer" + (stage + 1) + "." + b;
        conv(block + ".conv1", width, in, 3);
        norm(block + ".bn1", width);
        conv(block + ".conv2", width, width, 3);
        norm(block + ".bn2", width);
        if (stage > 0 && b == 0) {
          conv(block + ".downsample.0", width, in, 1);
          norm(block + ".downsample.1", width);
        }
        in = width;
      }
    }
    linear("fc", 1000, 512);
    assertThat(ours("resnet34")).containsExactlyInAnyOrderEntriesOf(published);
  }

  @ParameterizedTest
  @CsvSource({"resnet50, 6, 1, 64", "resnext101_32x4d, 23, 32, 4"})
  void bottlenecksAreTorchvisions(String model, int third, int groups, int each) {
    stem();
    int in = 64;
    for (int stage = 0; stage < 4; stage++) {
      int width = 64 << stage, inner = width * each / 64 * groups;
      for (int b = 0; b < new int[] {3, 4, third, 3}[stage]; b++) {
        String block = "layer" + (stage + 1) + "." + b;
        conv(block + ".conv1", inner, in, 1);
        norm(block + ".bn1", inner);
        conv(block + ".conv2", inner, inner / groups, 3);
        norm(block + ".bn2", inner);
        conv(block + ".conv3", 4 * width, inner, 1);
        norm(block + ".bn3", 4 * width);
        if (b == 0) {
          conv(block + ".downsample.0", 4 * width, in, 1);
          norm(block + ".downsample.1", 4 * width);
        }
        in = 4 * width;
      }
    }
    linear("fc", 1000, 2048);
    assertThat(ours(model)).containsExactlyInAnyOrderEntriesOf(published);
  }

  @ParameterizedTest
  @CsvSource({"beitv2_base, 768, 12, 12", "beitv2_large, 1024, 24, 16"})
  void beitsAreTheirAuthors(String model, int d, int depth, int heads) {
    published.put("cls_token", Shape.of(1, 1, d));
    conv("patch_embed.proj", d, 3, 16);
    published.put("patch_embed.proj.bias", Shape.of(d));
    for (int b = 0; b < depth; b++) {
      String block = "blocks." + b;
      for (String vector : List.of("gamma_1", "gamma_2", "attn.q_bias", "attn.v_bias")) {
        published.put(block + "." + vector, Shape.of(d));
      }
      layerNorm(block + ".norm1", d);
      published.put(block + ".attn.relative_position_bias_table", Shape.of(27 * 27 + 3, heads));
      published.put(block + ".attn.qkv.weight", Shape.of(3 * d, d));
      linear(block + ".attn.proj", d, d);
      layerNorm(block + ".norm2", d);
      linear(block + ".mlp.fc1", 4 * d, d);
      linear(block + ".mlp.fc2", d, 4 * d);
    }
    layerNorm("fc_norm", d);
    linear("head", 1000, d);
    assertThat(ours(model)).containsExactlyInAnyOrderEntriesOf(published);
  }

  /// The published file is `{"model": {...}}`, with an index in every block that follows from the
  /// grid.
  @Test
  void aBeitComesOutOfItsWrapper() {
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    LoadReport[] report = new LoadReport[1];
    Cost.macs(tape -> {
      Backbone net = Module.blank(tape.device(), new Beit(32, 16, 12, 2, 3, .1, 3, 5));
      net.state()
          .forEach((path, t) -> {
            int[] shape = t.shape().toArray();
            if (shape.length == 4) shape = new int[] {shape[0], shape[3], shape[1], shape[2]};
            put(arrays, path, shape);
          });
      for (int b = 0; b < 2; b++) {
        put(arrays, "blocks." + b + ".attn.relative_position_index", 5, 5);
      }
      ArrayFile file = ArrayFile.of(List.copyOf(arrays.values()), Map.of());
      report[0] = Import.into(net, file, Import.Layout.TORCH);
    });
    assertThat(report[0].isComplete()).as(report[0].toString()).isTrue();
  }

  private static void put(Map<String, StoredArray> arrays, String path, int... shape) {
    String name = "model." + path;
    arrays.put(name, StoredArray.of(name, shape, new byte[Shape.of(shape).size()]));
  }
}
