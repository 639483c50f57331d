package retort.experiments.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;
import retort.experiments.train.Pretrained;
import retort.experiments.train.TrainedGenDD;
import retort.gendd.Teacher;
import retort.gendd.diffusion.Sampling;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.OnnxGeneration;
import retort.nn.backbone.Backbones;
import retort.tensor.Device;
import retort.tensor.Shape;

/// How GenDD's head is exported: with which teacher's classifier, and by how many steps.
final class HeadOptions {
  @Option(
      names = "--head",
      required = true,
      description = {
        "Export the student, its head and the teacher's classifier: images and noise in; the",
        "generated feature, its logits, and those of the student's own classifier out."
      })
  private boolean on;

  @Option(
      names = "--teacher",
      required = true,
      paramLabel = "FILE",
      description = "The weights of who it learnt from.")
  private Path teacher;

  @Option(
      names = "--teacher-model",
      required = true,
      paramLabel = "NAME",
      description = "The teacher's backbone.")
  private String teacherModel;

  @Option(
      names = "--predict",
      defaultValue = "noise",
      paramLabel = "WHAT",
      description =
          "What the head predicts: noise (the default, as in the paper), clean, velocity,"
              + " flow or meanflow.")
  private String predict;

  @Option(
      names = "--sampler",
      defaultValue = "mean",
      paramLabel = "NAME",
      description = "mean (the default, one step), ddim, euler, heun or meanflow.")
  private String sampler;

  @Option(
      names = "--steps",
      defaultValue = "1",
      paramLabel = "N",
      description = "Steps of the sampler; 1 if not given.")
  private String steps;

  /// From the last step a head that predicts noise multiplies its errors by thousands; from 900 by
  /// six.
  @Option(
      names = "--start",
      paramLabel = "T",
      description =
          "The step a diffusion begins at, of 0 to 999: 900 for one by mean that predicts"
              + " noise, else the last, if not given.")
  private Integer start;

  @Option(
      names = "--guidance",
      defaultValue = "2",
      paramLabel = "X",
      description = "The scale of guidance; 2 if not given, 1 is none.")
  private double guidance;

  /// Writes the model for images `[h, w, c]`.
  @FunctionalInterface
  interface Writer {
    void write(Path to, Shape image, Map<String, String> metadata) throws IOException;
  }

  /// Reads all there is to read, so that what doesn't fit is refused before anything is written.
  Writer of(WeightsOptions weights, Device device) {
    Pretrained read = Pretrained.read(teacher);
    var net = Backbones.named(teacherModel).make(read.channels(), read.classes());
    Teacher from = new Teacher(read.as(teacherModel, net, device));
    boolean early = predict.equals("noise") && sampler.equals("mean");
    Sampling how =
        Sampling.PAPER
            .sampler(sampler)
            .steps(steps)
            .start(start == null ? early ? 900 : -1 : start)
            .guidance(guidance);
    GenDD gendd = TrainedGenDD.read(weights.file(), weights.entry(), from, predict, how, device);
    return (to, image, metadata) -> OnnxGeneration.save(to, gendd, how, image, metadata);
  }
}
