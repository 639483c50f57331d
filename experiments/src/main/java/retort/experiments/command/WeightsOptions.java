package retort.experiments.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import retort.experiments.train.Pretrained;
import retort.nn.Import;
import retort.nn.backbone.Backbones;

/// A file of weights, and what net they are of.
final class WeightsOptions {
  @Parameters(
      paramLabel = "FILE",
      description = "A file of weights, made here or elsewhere: .safetensors, .pth, .npz or .npy.")
  private Path file;

  @Option(
      names = {"--model", "--as"},
      required = true,
      paramLabel = "NAME",
      description = "The backbone whose weights they are; see retort models.")
  private String model;

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      description = "How convolutions are stored: torch or retort; told by the file if not given.")
  private Import.Layout layout;

  Path file() {
    return file;
  }

  /// The backbone; an unknown name is refused.
  Backbones.Entry entry() {
    return Backbones.named(model);
  }

  Pretrained read() {
    return Pretrained.read(file, layout);
  }
}
