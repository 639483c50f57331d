package retort.experiments.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.nn.Module;
import retort.nn.Weights;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.backbone.Beit;
import retort.nn.backbone.ResNet;
import retort.nn.io.ArrayFile;
import retort.nn.onnx.Onnx;
import retort.tensor.Device;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;
import retort.tensor.Unary;
import retort.tensor.op.UnaryOp;

/// Exported models say what our own nets say, run by ONNX Runtime on batches of several sizes.
class OnnxTest {
  private static final int CLASSES = 5;
  private static final Shape SMALL = Shape.of(32, 32, 3);

  @TempDir Path temp;

  private final Device device = Device.cpu(1);

  @TestFactory
  Stream<DynamicTest> everyFamilyOfBackbones() {
    int[] thin = {2, 2, 3, 4}, ones = {1, 1, 1, 1};
    Map<String, Supplier<Backbone>> nets = new LinkedHashMap<>();
    for (String name :
        List.of("resnet8", "wrn_16_1", "vgg8", "shufflenetv1", "shufflenetv2", "mobilenetv1")) {
      nets.put(name, () -> Backbones.make(name, 3, CLASSES));
    }
    nets.put("mobilenetv2", () -> Backbones.make("mobilenetv2", 3, CLASSES));
    nets.put("option A", () -> ResNet.cifar(8, thin, ResNet.Shortcut.ZERO_PAD, 3, CLASSES));
    nets.put("basic", () -> ResNet.basic(ones, 3, CLASSES));
    nets.put("grouped", () -> ResNet.bottleneck(ones, 4, 4, 3, CLASSES));
    nets.put("beit", () -> new Beit(32, 8, 12, 2, 3, .1, 3, CLASSES));
    return nets.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> says(e.getValue().get())));
  }

  private void says(Backbone net) throws Exception {
    Exported.shaken(device, net);
    Path file = temp.resolve("net.onnx");
    Onnx.save(file, net, SMALL, Map.of("model", "test"));
    try (OrtSession session = Exported.open(file)) {
      assertThat(session.getMetadata().getProducerName()).isEqualTo("retort");
      for (int n : new int[] {1, 3}) {
        Map<String, float[]> ours = new HashMap<>();
        float[] images = new float[n * SMALL.size()];
        net.evaluating(() ->
            Tape.infer(
                device,
                tape -> {
                  Tensor x = tape.normal(SMALL.insert(0, n), new Philox(n, 0));
                  float[] inFile = x.permute(0, 3, 1, 2).toFloats();
                  System.arraycopy(inFile, 0, images, 0, images.length);
                  ours.put("feature", net.embed(x).toFloats());
                  ours.put("logits", net.apply(x).toFloats());
                  return null;
                }));
        Exported.agrees(session, Map.of("images", Exported.Input.of(images, n, 3, 32, 32)), ours);
      }
    }
  }

  /// Every function of one number, and the operations that no backbone uses, as a program of one
  /// input.
  @TestFactory
  Stream<DynamicTest> operations() {
    Map<String, Function<Tensor, Tensor>> programs = new LinkedHashMap<>();
    for (Unary f : Unary.values()) {
      programs.put(
          f.toString(), x -> Tape.current().apply(new UnaryOp(f, .7, 2.5), positive(x, f)));
    }
    programs.put("sum", x -> x.sum(2));
    programs.put("max", x -> x.max(1, 2));
    programs.put("maximum", x -> x.maximum(x.neg()).minimum(x.mul(3)));
    programs.put("logSoftmax", x -> x.div(x.square().add(1)).logSoftmax());
    programs.put("matmul", x -> x.matmul(x, false, true).matmul(x, true, false));
    programs.put("linear of more axes", x -> x.linear(table(4, 6), table(4, 1).reshape(4)));
    programs.put("pad", x -> x.pad(1, 2, 1).sub(x.pad(1, 0, 3)));
    programs.put("slice", x -> x.slice(2, 1, 2));
    programs.put(
        "expand",
        x -> x.mean(1).reshape(-1, 1, 6).expand(x.shape().at(0), 3, 6).mul(x.narrow(1, 0, 3)));
    return programs.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> computes(e.getValue())));
  }

  private static Tensor positive(Tensor x, Unary f) {
    boolean needs = f == Unary.LOG || f == Unary.SQRT || f == Unary.POW || f == Unary.RECIPROCAL;
    return needs ? x.square().add(.5) : x;
  }

  private static Tensor table(int rows, int columns) {
    return Tape.current().uniform(Shape.of(rows, columns), new Philox(4, 2));
  }

  private void computes(Function<Tensor, Tensor> program) throws Exception {
    Backbone none = Module.on(device, 1, Backbones.make("resnet8", 3, CLASSES));
    Path file = temp.resolve("op.onnx");
    Onnx.save(
        file,
        none,
        List.of(new Onnx.Input("x", Shape.of(4, 6))),
        in -> named(program.apply(in.getFirst())),
        Map.of());
    try (OrtSession session = Exported.open(file)) {
      int n = 2;
      Map<String, float[]> ours = new HashMap<>();
      float[] x = new float[n * 24];
      Tape.infer(
          device,
          tape -> {
            Tensor in = tape.normal(Shape.of(n, 4, 6), new Philox(5, 0));
            System.arraycopy(in.toFloats(), 0, x, 0, x.length);
            ours.put("y", program.apply(in).toFloats());
            return null;
          });
      Exported.agrees(session, Map.of("x", Exported.Input.of(x, n, 4, 6)), ours);
    }
  }

  private static SequencedMap<String, Tensor> named(Tensor y) {
    SequencedMap<String, Tensor> out = new LinkedHashMap<>();
    out.put("y", y);
    return out;
  }

  @Test
  void whatHasNoFormIsRefused() {
    Backbone none = Module.on(device, 1, Backbones.make("resnet8", 3, CLASSES));
    var input = List.of(new Onnx.Input("x", Shape.of(4)));
    Path file = temp.resolve("refused.onnx");
    assertThatThrownBy(
            () -> Onnx.save(file, none, input, in -> named(in.getFirst().gather(1, 0)), Map.of()))
        .hasMessageContaining("onnx: gather of what depends on the inputs has no form");
    assertThatThrownBy(() ->
            Onnx.save(file, none, input, in -> named(in.getFirst().narrow(0, 0, 2)), Map.of()))
        .hasMessageContaining("would be taken out of the batch");
    assertThat(file).doesNotExist();
  }

  @Test
  void exportWritesEveryFormat() throws Exception {
    Backbone net = Exported.shaken(device, Backbones.make("resnet8", 3, CLASSES));
    Path weights = temp.resolve("weights.safetensors");
    Weights.save(weights, net, Map.of("retort.model", "resnet8"));
    for (String format : List.of("onnx", "safetensors", "npz")) {
      Path out = temp.resolve("out." + format);
      Cli export = Cli.run("export", weights, "--model=resnet8", "--format", format, "--out", out);
      assertThat(export.err()).isEmpty();
      assertThat(export.out()).contains("written to " + out);
      assertThat(Files.size(out)).isGreaterThan(100_000);
    }
    try (OrtSession session = Exported.open(temp.resolve("out.onnx"))) {
      assertThat(session.getInputInfo().get("images").toString()).contains("-1, 3, 32, 32");
    }
    assertThat(ArrayFile.read(temp.resolve("out.npz")).arrays().keySet())
        .isEqualTo(net.state().keySet());
    Cli other = Cli.run("export", weights, "--model=resnet20");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("a checkpoint of another model than resnet20");
  }
}
