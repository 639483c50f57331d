package retort.experiments.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import retort.experiments.train.Pretrained;
import retort.nn.LoadReport;
import retort.nn.Nearest;
import retort.nn.Weights;
import retort.nn.backbone.Backbone;
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
  @Mixin private WeightsOptions weights;
  @Mixin private OutputOption out;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    String model = weights.entry().name();
    Pretrained read = weights.read();
    Backbone net = weights.entry().make(read.channels(), read.classes());
    LoadReport report = read.into(Device.cpu(1), net);
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
    String from = weights.file().getFileName().toString();
    Map<String, String> metadata = Map.of("model", model, Pretrained.OURS + "imported", from);
    out.write(model + ".safetensors", to -> Weights.save(to, net, metadata));
    return 0;
  }

  private static String meant(String name, List<String> missing) {
    return Nearest.to(name, missing).map(m -> " (is it " + m + "?)").orElse("");
  }
}
