package retort.experiments.command;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import retort.experiments.run.RunFolder;

/// The one file that a command writes: it says where it is, or why it could not be written.
final class OutputOption {
  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Where to write; a file in the current folder, named after what is in it, if"
              + " not given.")
  private Path out;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @FunctionalInterface
  interface Writer {
    void write(Path to) throws IOException;
  }

  /// @param otherwise the name where none is given
  void write(String otherwise, Writer writer) {
    Path to = out == null ? Path.of(otherwise) : out;
    try {
      writer.write(to);
    } catch (IOException e) {
      throw RunFolder.unwritable(to, e);
    }
    command.commandLine().getOut().println("written to " + to);
  }
}
