package retort.experiments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import retort.nn.Nearest;

/// Turns what went wrong into the one message the user sees and the exit code.
final class Refusals {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  private Refusals() {}

  static int usage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command
        .getErr()
        .println("retort: " + usageMessage(e, command) + "\n  see: " + name + " --help");
    return WRONG_USAGE;
  }

  private static String usageMessage(ParameterException e, CommandLine command) {
    if (!(e instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      return e.getMessage();
    }
    String typed = unmatched.getUnmatched().getFirst();
    if (typed.startsWith("-")) {
      String option = typed.contains("=") ? typed.substring(0, typed.indexOf('=')) : typed;
      List<String> names = new ArrayList<>(command.getCommandSpec().optionsMap().keySet());
      return "unknown option '" + option + "'" + Nearest.hint(option, names);
    }
    var commands = command.getSubcommands().keySet();
    return commands.isEmpty()
        ? "unexpected argument '" + typed + "'"
        : "unknown command '" + typed + "'" + Nearest.hint(typed, commands);
  }

  static int failure(Exception e, CommandLine command, ParseResult parsed) {
    Retort retort =
        command.getCommandSpec().root().userObject() instanceof Retort r ? r : new Retort();
    command
        .getErr()
        .println(
            "retort: "
                + message(e)
                + (retort.debug || e instanceof Failure ? "" : HOW_TO_SEE_MORE));
    if (retort.debug) e.printStackTrace(command.getErr());
    return FAILED;
  }

  private static final String HOW_TO_SEE_MORE = "\n  (--debug shows where this came from)";

  static String message(Throwable e) {
    return switch (e) {
      case Failure failure -> failure.text();
      case UncheckedIOException wrapped -> message(wrapped.getCause());
      case NoSuchFileException missing -> "no such file or folder: " + missing.getFile();
      case AccessDeniedException denied -> "not allowed to read or write: " + denied.getFile();
      case FileAlreadyExistsException there -> "in the way: " + there.getFile();
      case FileSystemException file -> file.getReason() + ": " + file.getFile();
      case IOException io -> "reading or writing failed: " + io.getMessage();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
