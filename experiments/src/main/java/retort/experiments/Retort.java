package retort.experiments;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import retort.experiments.ablate.Ablate;
import retort.experiments.ablate.Theorem;
import retort.experiments.bench.Bench;
import retort.experiments.command.Compare;
import retort.experiments.command.Distill;
import retort.experiments.command.Evaluate;
import retort.experiments.command.Export;
import retort.experiments.command.Gradcheck;
import retort.experiments.command.ImportWeights;
import retort.experiments.command.MakePackage;
import retort.experiments.command.MakeReport;
import retort.experiments.command.MethodList;
import retort.experiments.command.Models;
import retort.experiments.command.PaperTable;
import retort.experiments.command.ShowRecipe;
import retort.experiments.command.Train;
import retort.experiments.quickstart.Quickstart;

/// The command line's front door. Each subcommand is a class of its own, named here.
///
/// Exit codes: 0 done, 1 failed, 2 the command line itself was wrong. A failure prints one message,
/// never a stack trace unless `--debug` asks for it.
@Command(
    name = "retort",
    description = "Deep learning in plain Java, and Generative Distribution Distillation on it.",
    versionProvider = CodeVersion.Provider.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Quickstart.class,
      Train.class,
      Distill.class,
      Compare.class,
      PaperTable.class,
      MakeReport.class,
      Evaluate.class,
      Ablate.class,
      Theorem.class,
      ImportWeights.class,
      Export.class,
      Models.class,
      MethodList.class,
      ShowRecipe.class,
      Gradcheck.class,
      Doctor.class,
      Bench.class,
      MakePackage.class
    })
public final class Retort implements Runnable {
  @Option(
      names = "--debug",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  boolean debug;

  @Option(
      names = "--exact",
      scope = CommandLine.ScopeType.INHERIT,
      description =
          "Convolve without Winograd's algorithm: slower, and rounding errors are a digit smaller."
              + " A run begun with it wants it again when it is resumed.")
  void exact(boolean on) {
    if (on) System.setProperty("retort.exact", "true"); // read when the first kernel is loaded
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = CommandLine.ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version of the code and of Java.")
  boolean version;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "no command given; one of: " + String.join(", ", spec.subcommands().keySet()));
  }

  public static void main(String[] args) {
    wipeGreeting();
    System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
  }

  /// Runs one command line and returns its exit code; the tests come in here.
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return equip(new CommandLine(new Retort()), out, err).execute(args);
  }

  static CommandLine equip(CommandLine line, PrintWriter out, PrintWriter err) {
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(Refusals::usage)
        .setExecutionExceptionHandler(Refusals::failure);
  }

  /// The JVM greets an incubating module with one line on the error stream before any program
  /// starts, and has no option against it. On a terminal (the launcher looks) that line is wiped
  /// out.
  private static void wipeGreeting() {
    if (Boolean.getBoolean("retort.wipe.greeting")) {
      System.err.print("\u001b[1A\u001b[2K\r");
      System.err.flush();
    }
  }
}
