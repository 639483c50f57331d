package retort.experiments.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
import retort.gendd.StepDraws;
import retort.gendd.Teacher;
import retort.gendd.diffusion.Sampler;
import retort.gendd.diffusion.Sampling;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.gendd.generative.OnnxGeneration;
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
  private static final float TOLERANCE = 2e-4f;
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
    shaken(net);
    Path file = temp.resolve("net.onnx");
    Onnx.save(file, net, SMALL, Map.of("model", "test"));
    try (OrtSession session = open(file)) {
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
        agrees(session, Map.of("images", Input.of(images, n, 3, 32, 32)), ours);
      }
    }
  }

  /// Every number moved off the value it starts at, the running statistics too.
  private <M extends Module> M shaken(M module) {
    Module.on(device, 1, module);
    long[] stream = {0};
    module
        .state()
        .forEach((path, t) -> {
          boolean variance = path.endsWith("running_var");
          float[] values = t.toFloats();
          Philox draws = new Philox(9, stream[0]++);
          for (int i = 0; i < values.length; i++) {
            double move = 0.2 * draws.uniform(i);
            values[i] += (float) (variance ? move : move - 0.1);
          }
          t.set(values);
        });
    return module;
  }

  private record Input(float[] values, long[] shape) {
    static Input of(float[] values, long... shape) {
      return new Input(values, shape);
    }
  }

  private static OrtSession open(Path file) throws OrtException {
    return OrtEnvironment.getEnvironment().createSession(file.toString());
  }

  private static void agrees(
      OrtSession session, Map<String, Input> inputs, Map<String, float[]> ours)
      throws OrtException {
    Map<String, OnnxTensor> in = new HashMap<>();
    for (var e : inputs.entrySet()) {
      in.put(
          e.getKey(),
          OnnxTensor.createTensor(
              OrtEnvironment.getEnvironment(),
              FloatBuffer.wrap(e.getValue().values()),
              e.getValue().shape()));
    }
    try (OrtSession.Result said = session.run(in)) {
      for (var e : ours.entrySet()) {
        var theirs = (OnnxTensor) said.get(e.getKey()).orElseThrow();
        float[] values = new float[e.getValue().length];
        theirs.getFloatBuffer().get(values);
        float largest = 1;
        for (float v : e.getValue()) largest = Math.max(largest, Math.abs(v));
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i])
              .as(e.getKey() + "[" + i + "]")
              .isCloseTo(e.getValue()[i], within(TOLERANCE * largest));
        }
      }
    } finally {
      in.values().forEach(OnnxTensor::close);
    }
  }

  @TestFactory
  Stream<DynamicTest> gendd() {
    GenDDOptions paper = GenDDOptions.CIFAR.token(16).width(24).depth(2);
    Sampling one = Sampling.PAPER.sampler("mean").start(900);
    return Stream.of(
            paper.sampling(one),
            paper.sampling(one.guidance(1).clip(true)),
            paper.sampling(Sampling.PAPER.sampler("ddim").steps("3")),
            paper.predict("clean").sampling(one),
            paper.predict("flow").sampling(Sampling.PAPER.sampler("mean")))
        .map(o -> DynamicTest.dynamicTest(o.predict() + " " + o.sampling(), () -> generates(o)));
  }

  private void generates(GenDDOptions options) throws Exception {
    Shape image = Shape.of(16, 16, 3);
    Teacher teacher = new Teacher(shaken(Backbones.make("resnet20", 3, CLASSES)));
    Backbone student = Module.on(device, 2, Backbones.make("resnet8", 3, CLASSES));
    GenDD gendd = shaken(new GenDD(student, teacher, options));
    float[] high = new float[64], low = new float[64];
    Arrays.fill(high, 1);
    Arrays.fill(low, -1);
    gendd.state().get("range.high").set(high);
    gendd.state().get("range.low").set(low);
    Path file = temp.resolve("gendd.onnx");
    OnnxGeneration.save(file, gendd, options.sampling(), image, Map.of());
    try (OrtSession session = open(file)) {
      for (int n : new int[] {2, 5}) {
        Map<String, float[]> ours = new HashMap<>();
        Map<String, Input> inputs = new HashMap<>();
        gendd.evaluating(() ->
            Tape.infer(
                device,
                tape -> {
                  Tensor x = tape.normal(image.insert(0, n), new Philox(n, 0));
                  Tensor noise = tape.normal(Shape.of(n, 64), new Philox(n, 1));
                  inputs.put("images", Input.of(x.permute(0, 3, 1, 2).toFloats(), n, 3, 16, 16));
                  inputs.put("noise", Input.of(noise.toFloats(), n, 64));
                  Tensor feature =
                      gendd.generate(
                          student.embed(x),
                          noise.reshape(-1, 16),
                          options.sampling(),
                          new StepDraws(0, 0),
                          Sampler.Path.UNSEEN);
                  ours.put("feature", feature.toFloats());
                  ours.put("logits", teacher.classify(feature).toFloats());
                  ours.put("student", student.apply(x).toFloats());
                  return null;
                }));
        agrees(session, inputs, ours);
      }
    }
  }

  @Test
  void aSamplerThatDrawsIsRefused() {
    Teacher teacher = new Teacher(Module.on(device, 1, Backbones.make("resnet8", 3, CLASSES)));
    Backbone student = Module.on(device, 2, Backbones.make("resnet8", 3, CLASSES));
    GenDD gendd = Module.on(device, 3, new GenDD(student, teacher, GenDDOptions.SMALL));
    assertThatThrownBy(
            () -> OnnxGeneration.save(temp.resolve("x"), gendd, Sampling.PAPER, SMALL, Map.of()))
        .hasMessageContaining("got 1 by ancestral");
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
    try (OrtSession session = open(file)) {
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
      agrees(session, Map.of("x", Input.of(x, n, 4, 6)), ours);
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
    Backbone net = shaken(Backbones.make("resnet8", 3, CLASSES));
    Path weights = temp.resolve("weights.safetensors");
    Weights.save(weights, net, Map.of("retort.model", "resnet8"));
    for (String format : List.of("onnx", "safetensors", "npz")) {
      Path out = temp.resolve("out." + format);
      Cli export = Cli.run("export", weights, "--model=resnet8", "--format", format, "--out", out);
      assertThat(export.err()).isEmpty();
      assertThat(export.out()).contains("written to " + out);
      assertThat(Files.size(out)).isGreaterThan(100_000);
    }
    try (OrtSession session = open(temp.resolve("out.onnx"))) {
      assertThat(session.getInputInfo().get("images").toString()).contains("-1, 3, 32, 32");
    }
    assertThat(ArrayFile.read(temp.resolve("out.npz")).arrays().keySet())
        .isEqualTo(net.state().keySet());
    Cli other = Cli.run("export", weights, "--model=resnet20");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("a checkpoint of another model than resnet20");
  }
}
