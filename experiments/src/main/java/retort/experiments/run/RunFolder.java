package retort.experiments.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import retort.experiments.Failure;
import retort.nn.io.AtomicFile;

/// The folder of one run: `manifest.json`, `results.json`, `log.jsonl`, checkpoints, `report.html`.
///
/// A file in it is either the old one or the new one, whole: it is written beside its place, forced
/// to the disk, and moved over. So a full disk or a pulled plug loses nothing that was saved
/// before.
public final class RunFolder {
  /// The resolved recipe of a run that has one.
  public static final String RECIPE = "recipe.yaml";

  private static final String RESULTS = "results.json";

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /// A folder for a new run; one that already holds a run is refused, so that none is overwritten.
  public static RunFolder create(Path path) {
    RunFolder folder = open(path);
    for (String taken : List.of(Manifest.FILE, RESULTS)) {
      if (Files.exists(path.resolve(taken))) {
        throw new Failure(
            "the folder already holds a run (" + taken + ")",
            path.toString(),
            "choose another with --out, or continue that run with --resume");
      }
    }
    return folder;
  }

  /// The folder of a run that is to be continued or read.
  public static RunFolder resume(Path path) {
    if (!Files.isDirectory(path)) {
      throw new Failure(
          "there is no run to continue",
          path.toString(),
          "name its folder with --out, or start it without --resume");
    }
    return open(path);
  }

  private static RunFolder open(Path path) {
    try {
      Files.createDirectories(path);
      Files.delete(Files.createTempFile(path, ".probe", ""));
    } catch (FileAlreadyExistsException e) {
      throw new Failure("the run folder is a file", path, "choose another with --out", e);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
    return new RunFolder(path);
  }

  public Path path() {
    return path;
  }

  public Path file(String name) {
    return path.resolve(name);
  }

  public boolean holds(String name) {
    return Files.exists(file(name));
  }

  /// What the files of an ending are called without it, in alphabetical order.
  public List<String> names(String ending) {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.endsWith(ending))
          .map(n -> n.substring(0, n.length() - ending.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new Failure("cannot list the run folder", path, "make it readable", e);
    }
  }

  /// Every number of the run; a record or a map.
  public void writeResults(Object results) {
    write(RESULTS, Json.pretty(results));
  }

  public void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  public void write(String name, byte[] bytes) {
    try {
      AtomicFile.write(file(name), out -> out.write(bytes));
    } catch (IOException e) {
      throw unwritable(file(name), e);
    }
  }

  public String read(String name) {
    try {
      return Files.readString(file(name));
    } catch (NoSuchFileException e) {
      throw new Failure(
          "the run folder lacks " + name,
          path,
          "the run was not finished; continue it with --resume",
          e);
    } catch (IOException e) {
      throw new Failure("cannot read " + name + ": " + e.getMessage(), path, "make it readable", e);
    }
  }

  public RunLog log() {
    return log("log.jsonl");
  }

  /// A log of another name, beside that of the trainings.
  public RunLog log(String name) {
    return RunLog.open(file(name));
  }

  public static Failure unwritable(Path path, IOException e) {
    IOException cause = root(e);
    String said = cause.getMessage() == null ? "" : cause.getMessage();
    if (Stream.of("No space left", "not enough space", "quota").anyMatch(said::contains)) {
      return new Failure(
          "the disk is full; what was saved before is untouched",
          path,
          "free some space, then continue with --resume",
          e);
    }
    return new Failure(
        "cannot write here (" + reason(cause) + ")",
        path,
        "choose a folder you may write to with --out",
        e);
  }

  private static IOException root(IOException e) {
    return e.getCause() instanceof IOException deeper ? root(deeper) : e;
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NotDirectoryException _ -> "a part of the path is a file";
      case FileAlreadyExistsException _ -> "a part of the path is a file";
      case FileSystemException f when "Not a directory".equals(f.getReason()) ->
          "a part of the path is a file";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
