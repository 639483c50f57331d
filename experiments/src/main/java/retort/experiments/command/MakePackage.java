package retort.experiments.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import retort.experiments.Failure;
import retort.experiments.recipe.RecipeFolder;
import retort.nn.io.AtomicFile;

/// How the program travels to a machine that has no Java.
@Command(
    name = "package",
    description = {
      "Makes a folder that holds the whole program and its Java, to be copied to another machine"
          + " of",
      "the same kind. There: bin/retort doctor",
      "Example: retort package --out retort-linux --archive"
    })
public final class MakePackage implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "retort-package",
      description = "The folder to make; ${DEFAULT-VALUE} unless given.")
  private Path out;

  @Option(names = "--archive", description = "Pack the folder into FOLDER.tar.gz too.")
  private boolean archive;

  @Spec private CommandSpec command;

  /// The command line makes one.
  public MakePackage() {}

  @Override
  public Integer call() throws IOException {
    Path lib = Path.of(System.getProperty("jdk.module.path", ""));
    if (lib.toString().isEmpty() || !Files.isDirectory(lib)) {
      throw new Failure(
          "the program doesn't run from its folder of modules",
          lib.toString(),
          "start it as ./retort package");
    }
    List<Path> modules;
    try (Stream<Path> jars = Files.list(lib)) {
      modules = jars.sorted().toList();
    }
    new Bundle(modules, lib.resolveSibling("native").resolve("lib"), RecipeFolder.path())
        .write(out);
    PrintWriter say = command.commandLine().getOut();
    say.printf(
        "wrote %s (%d MiB); on the other machine: %s/bin/retort doctor%n",
        out, Bundle.size(out) >> 20, out.getFileName());
    if (archive) {
      Path file = out.resolveSibling(out.getFileName() + ".tar.gz");
      AtomicFile.write(file, to -> TarGz.write(out, to));
      say.printf(
          "wrote %s (%d MiB); on the other machine: tar xzf %s%n",
          file, Files.size(file) >> 20, file.getFileName());
    }
    return 0;
  }
}
