package retort.experiments.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import retort.nn.io.AtomicFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// `log.jsonl`: one JSON object a line, on the disk as soon as it is appended.
public final class RunLog implements AutoCloseable {
  private final Path file;
  private BufferedWriter writer;

  private RunLog(Path file) {
    this.file = file;
    openWriter();
  }

  static RunLog open(Path file) {
    return new RunLog(file);
  }

  public synchronized void append(Object entry) {
    try {
      writer.write(Json.line(entry));
      writer.write('\n');
      writer.flush();
    } catch (IOException e) {
      throw RunFolder.unwritable(file, e);
    }
  }

  /// Drops the entries that are not kept, such as those after the checkpoint a run resumes from,
  /// and a line that an interruption left half written.
  public synchronized void keep(Predicate<JsonNode> kept) {
    close();
    var lines = new StringBuilder();
    for (JsonNode entry : entries()) {
      if (kept.test(entry)) lines.append(Json.line(entry)).append('\n');
    }
    try {
      byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(file, out -> out.write(bytes));
    } catch (IOException e) {
      throw RunFolder.unwritable(file, e);
    }
    openWriter();
  }

  /// All whole entries so far.
  public synchronized List<JsonNode> entries() {
    try {
      List<JsonNode> entries = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        try {
          entries.add(Json.parse(line));
        } catch (JacksonException _) {
          break; // the line during which the run was stopped; nothing was appended after it
        }
      }
      return entries;
    } catch (IOException e) {
      throw RunFolder.unwritable(file, e);
    }
  }

  private void openWriter() {
    try {
      writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw RunFolder.unwritable(file, e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw RunFolder.unwritable(file, e);
    }
  }
}
