package retort.experiments.ablate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which parts of GenDD matter, each question a command of its own.
@Command(
    name = "ablate",
    description = {
      "Compares variants of GenDD over several seeds: table, results.json and report.html.",
      "Example: retort ablate steps --scale small"
    },
    subcommands = {Tokens.class, Lambda.class, Steps.class, Imbalance.class, Control.class})
public final class Ablate implements Runnable {
  @Spec private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "say what to ablate; one of: " + String.join(", ", command.subcommands().keySet()));
  }
}
