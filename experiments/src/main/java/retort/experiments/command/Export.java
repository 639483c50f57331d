package retort.experiments.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import retort.experiments.run.RunFolder;
import retort.experiments.train.Pretrained;
import retort.nn.Import;
import retort.nn.Weights;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.io.Npz;
import retort.nn.onnx.Onnx;
import retort.tensor.Device;
import retort.tensor.Shape;

/// Writes a trained backbone in a form that other programs read.
@Command(
    name = "export",
    description = {
      "Writes a trained backbone for other programs: as an ONNX model, safetensors or npz.",
      "Example: retort export runs/train-1/resnet20.safetensors --model resnet20 --format onnx"
    })
public final class Export implements Callable<Integer> {
  /// What can be written.
  enum Format {
    ONNX,
    SAFETENSORS,
    NPZ
  }

  @Parameters(paramLabel = "CHECKPOINT", description = "A file of weights, made here or elsewhere.")
  private Path file;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "The backbone whose weights they are; see retort models.")
  private String model;

  @Option(
      names = "--format",
      defaultValue = "onnx",
      paramLabel = "NAME",
      description = "onnx (the default), safetensors or npz.")
  private Format format;

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      description = "How convolutions are stored: torch or retort; told by the file if not given.")
  private Import.Layout layout;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description = "Height and width of an ONNX model's images; the model's own if not given.")
  private Integer imageSize;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write; MODEL.FORMAT in the current folder if not given.")
  private Path out;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Backbones.Entry entry = Backbones.named(model);
    Pretrained weights = Pretrained.read(file, layout);
    int channels = weights.channels();
    Backbone net = entry.make(channels, weights.classes());
    weights.as(model, net, Device.cpu(Runtime.getRuntime().availableProcessors()));
    String ending = format.name().toLowerCase(Locale.ROOT);
    Path to = out == null ? Path.of(model + "." + ending) : out;
    int side = imageSize == null ? entry.imageSize() : imageSize;
    try {
      write(net, Shape.of(side, side, channels), to);
    } catch (IOException e) {
      throw RunFolder.unwritable(to, e);
    }
    command.commandLine().getOut().println("written to " + to);
    return 0;
  }

  private void write(Backbone net, Shape image, Path to) throws IOException {
    Map<String, String> metadata = Map.of("model", model, "from", file.getFileName().toString());
    switch (format) {
      case ONNX -> Onnx.save(to, net, image, metadata);
      case SAFETENSORS ->
          Weights.save(to, net, Map.of("model", model, Pretrained.OURS + "exported", model));
      case NPZ -> Npz.write(to, Weights.arrays(net));
    }
  }
}
