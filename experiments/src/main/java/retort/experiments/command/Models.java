package retort.experiments.command;

import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import retort.experiments.terminal.Table;
import retort.nn.Cost;
import retort.nn.backbone.Backbones;

/// The table of backbones. Parameters and multiply-adds are those of the published net: counted on
/// the net itself, not looked up.
@Command(
    name = "models",
    description = "Lists every backbone with its parameters, MACs an image and feature width.")
public final class Models implements Runnable {
  @Spec private CommandSpec command;

  @Override
  public void run() {
    var table =
        new Table("model", "image", "classes", "parameters", "MACs/image", "feature", "maps");
    for (Backbones.Entry entry : Backbones.all()) {
      Cost cost = entry.cost();
      table.row(
          entry.name(),
          entry.imageSize() + "x" + entry.imageSize(),
          entry.classes(),
          String.format(Locale.ROOT, "%,d", cost.parameters()),
          String.format(Locale.ROOT, "%,.1f M", cost.macs() / 1e6),
          entry.make().featureWidth(),
          entry.make().stages().size());
    }
    command.commandLine().getOut().println(table);
  }
}
