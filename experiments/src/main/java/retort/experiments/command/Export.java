package retort.experiments.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import retort.experiments.train.Pretrained;
import retort.nn.Weights;
import retort.nn.backbone.Backbone;
import retort.nn.io.Npz;
import retort.nn.onnx.Onnx;
import retort.tensor.Device;
import retort.tensor.Shape;

/// Writes a trained backbone in a form that other programs read, or a GenDD student with its head.
@Command(
    name = "export",
    description = {
      "Writes a trained backbone for other programs: as an ONNX model, safetensors or npz; or,"
          + " with",
      "--head, a GenDD student and its head in one step, as an ONNX model.",
      "Example: retort export runs/train-1/resnet20.safetensors --model resnet20 --format onnx",
      "Example: retort export RUN/gendd.safetensors --model resnet8 --head"
          + " --teacher RUN/teacher.safetensors --teacher-model resnet20"
    })
public final class Export implements Callable<Integer> {
  /// What can be written.
  enum Format {
    ONNX,
    SAFETENSORS,
    NPZ
  }

  @Mixin private WeightsOptions weights;
  @Mixin private OutputOption out;

  @Option(
      names = "--format",
      defaultValue = "onnx",
      paramLabel = "NAME",
      description = "onnx (the default), safetensors or npz.")
  private Format format;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description = "Height and width of an ONNX model's images; the model's own if not given.")
  private Integer imageSize;

  @ArgGroup(exclusive = false, heading = "With GenDD's head:%n")
  private HeadOptions head;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    if (head != null && format != Format.ONNX) {
      throw new ParameterException(
          command.commandLine(), "--head is for --format onnx; leave one of them out");
    }
    int side = imageSize == null ? weights.entry().imageSize() : imageSize;
    Pretrained read = weights.read();
    Shape image = Shape.of(side, side, read.channels());
    Device device = Device.cpu(Runtime.getRuntime().availableProcessors());
    String model = weights.entry().name(), ending = "." + format.name().toLowerCase(Locale.ROOT);
    if (head != null) {
      HeadOptions.Writer writer = head.of(weights, device);
      out.write(model + "-gendd" + ending, to -> writer.write(to, image, metadata(model)));
      return 0;
    }
    Backbone net = weights.entry().make(read.channels(), read.classes());
    read.as(model, net, device);
    out.write(model + ending, to -> write(model, net, image, to));
    return 0;
  }

  private Map<String, String> metadata(String model) {
    return Map.of("model", model, "from", weights.file().getFileName().toString());
  }

  private void write(String model, Backbone net, Shape image, Path to) throws IOException {
    switch (format) {
      case ONNX -> Onnx.save(to, net, image, metadata(model));
      case SAFETENSORS ->
          Weights.save(to, net, Map.of("model", model, Pretrained.OURS + "exported", model));
      case NPZ -> Npz.write(to, Weights.arrays(net));
    }
  }
}
