package retort.experiments.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.onnx.Exported.Input;
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
import retort.tensor.Device;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// GenDD's student and head as one ONNX model, from the library and from the command line.
class OnnxGenerationTest {
  private static final int CLASSES = 5;
  private static final Shape SMALL = Shape.of(32, 32, 3);

  @TempDir Path temp;

  private final Device device = Device.cpu(1);

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
    Teacher teacher = new Teacher(Exported.shaken(device, Backbones.make("resnet20", 3, CLASSES)));
    Backbone student = Module.on(device, 2, Backbones.make("resnet8", 3, CLASSES));
    GenDD gendd = Exported.shaken(device, new GenDD(student, teacher, options));
    float[] high = new float[64], low = new float[64];
    Arrays.fill(high, 1);
    Arrays.fill(low, -1);
    gendd.state().get("range.high").set(high);
    gendd.state().get("range.low").set(low);
    Path file = temp.resolve("gendd.onnx");
    OnnxGeneration.save(file, gendd, options.sampling(), image, Map.of());
    agree(file, gendd, options, image, 2, 5);
  }

  /// The file says what the student and its head say, of batches of several sizes.
  private void agree(Path file, GenDD gendd, GenDDOptions options, Shape image, int... batches)
      throws Exception {
    try (OrtSession session = Exported.open(file)) {
      for (int n : batches) {
        Map<String, float[]> ours = new HashMap<>();
        Map<String, Input> inputs = new HashMap<>();
        gendd.evaluating(() ->
            Tape.infer(
                device,
                tape -> {
                  Tensor x = tape.normal(image.insert(0, n), new Philox(n, 0));
                  Tensor noise = tape.normal(Shape.of(n, 64), new Philox(n, 1));
                  float[] pixels = x.permute(0, 3, 1, 2).toFloats();
                  inputs.put("images", Input.of(pixels, n, 3, image.at(0), image.at(1)));
                  inputs.put("noise", Input.of(noise.toFloats(), n, 64));
                  Tensor feature =
                      gendd.generate(
                          gendd.student().embed(x),
                          noise.reshape(-1, options.token()),
                          options.sampling(),
                          new StepDraws(0, 0),
                          Sampler.Path.UNSEEN);
                  ours.put("feature", feature.toFloats());
                  ours.put("logits", gendd.teacher().classify(feature).toFloats());
                  ours.put("student", gendd.student().apply(x).toFloats());
                  return null;
                }));
        Exported.agrees(session, inputs, ours);
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

  /// The checkpoint of a training and its teacher's, on the command line.
  @Test
  void exportWritesTheHeadInOneStep() throws Exception {
    Backbone taught = Exported.shaken(device, Backbones.make("resnet20", 3, CLASSES));
    Path school = temp.resolve("teacher.safetensors"), weights = temp.resolve("gendd.safetensors");
    Weights.save(school, taught, Map.of("retort.model", "teacher"));
    Backbone student = Module.on(device, 2, Backbones.make("resnet8", 3, CLASSES));
    Sampling one = Sampling.PAPER.sampler("mean").steps("1").start(900);
    GenDDOptions options = GenDDOptions.CIFAR.token(16).width(24).depth(2).sampling(one);
    GenDD gendd = Exported.shaken(device, new GenDD(student, new Teacher(taught), options));
    Weights.save(weights, gendd, Map.of("retort.model", "gendd", "model", "gendd"));
    Path file = temp.resolve("head.onnx");
    List<Object> words =
        List.of("export", weights, "--model=resnet8", "--head", "--teacher", school, "--out", file);
    Cli export = Cli.run(with(words, "--teacher-model=resnet20"));
    assertThat(export.err()).isEmpty();
    assertThat(export.out()).isEqualTo("written to " + file + "\n");
    try (OrtSession session = Exported.open(file)) {
      assertThat(session.getMetadata().getCustomMetadata()).containsEntry("model", "resnet8");
    }
    agree(file, gendd, options, SMALL, 3);

    assertThat(Cli.run(with(words, "--teacher-model=resnet8")).err())
        .contains("a checkpoint of another model than resnet8");
    assertThat(Cli.run(with(words, "--teacher-model=resnet20", "--predict=clean")).err())
        .contains("a checkpoint of another model, 'gendd'")
        .contains("head.last")
        .contains("what its head predicts as they were in it");
    assertThat(Cli.run(with(words, "--teacher-model=resnet20", "--sampler=ancestral")).err())
        .contains("the file can draw no noise of its own");
    assertThat(Cli.run(with(words, "--teacher-model=resnet20", "--format=npz")).err())
        .contains("--head is for --format onnx");
    assertThat(Cli.run(words.toArray()).err()).contains("--teacher-model=NAME");
    assertThat(
            Cli.run(
                    "export",
                    school,
                    "--model=resnet20",
                    "--head",
                    "--teacher",
                    school,
                    "--teacher-model=resnet20")
                .err())
        .contains("the checkpoint has no head: head.input.weight is missing");
  }

  private static Object[] with(List<Object> words, Object... more) {
    return Stream.concat(words.stream(), Stream.of(more)).toArray();
  }
}
