package retort.experiments.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
import retort.nn.LoadReport;
import retort.nn.Nearest;
import retort.nn.Weights;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.tensor.Device;

/// Turns weights trained elsewhere into a file of this project, which `evaluate` and recipes read.
/// Nothing is written unless every tensor of the model was found.
@Command(
    name = "import",
    description = {
      "Reads weights that were trained elsewhere (PyTorch, safetensors, npz) into a model, says",
      "what fitted and what didn't, and writes them as safetensors if all did."
    })
public final class ImportWeights implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "A .pth, .safetensors, .npz or .npy file.")
  private Path file;

  @Option(
      names = "--as",
      required = true,
      paramLabel = "MODEL",
      description = "The backbone; see retort models.")
  private String model;

  @Option(
      names = "--layout",
      paramLabel = "NAME",
      description = "How convolutions are stored: torch or retort; told by the file if not given.")
  private Import.Layout layout;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write; MODEL.safetensors in the current folder if not given.")
  private Path out;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Backbones.Entry entry = Backbones.named(model);
    Pretrained weights = Pretrained.read(file, layout);
    Backbone net = entry.make(weights.channels(), weights.classes());
    LoadReport report = weights.into(Device.cpu(1), net);
    PrintWriter said = command.commandLine().getOut();
    said.println(report.loaded() + " tensors fit " + model);
    report
        .mismatched()
        .forEach((path, shapes) -> said.println("of another shape: " + path + " " + shapes));
    report.missing().forEach(path -> said.println("missing: " + path));
    report
        .unexpected()
        .forEach(name -> said.println("unexpected: " + name + meant(name, report.missing())));
    if (!report.isComplete()) {
      command
          .commandLine()
          .getErr()
          .println("retort: the file isn't wholly a " + model + "; nothing was written");
      return 1;
    }
    write(net, out == null ? Path.of(model + ".safetensors") : out);
    return 0;
  }

  private static String meant(String name, List<String> missing) {
    return Nearest.to(name, missing).map(m -> " (is it " + m + "?)").orElse("");
  }

  private void write(Backbone net, Path to) {
    try {
      Weights.save(
          to,
          net,
          Map.of("model", model, Pretrained.OURS + "imported", file.getFileName().toString()));
    } catch (IOException e) {
      throw RunFolder.unwritable(to, e);
    }
    command.commandLine().getOut().println("written to " + to);
  }
}
