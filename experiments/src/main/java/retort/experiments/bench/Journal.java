package retort.experiments.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import retort.experiments.Failure;
import retort.experiments.bench.Report.Ruler;
import retort.experiments.run.Json;

/// The figures of one `retort bench`. Where there is a file for them it holds each from when it was
/// taken, so a bench that is stopped loses none, and can be continued.
final class Journal {
  private final Path file;
  private Report report;

  /// @param file where to write, or null
  private Journal(Path file, Report report) {
    this.file = file;
    this.report = report;
  }

  static Journal begin(Path file, Report empty) {
    return new Journal(file, empty);
  }

  /// Continues a file's report; one of other code, another machine or other peers is refused.
  static Journal resume(Path file, Report empty) {
    if (!Files.exists(file)) return begin(file, empty);
    Report old;
    try {
      old = Json.parse(Files.readString(file), Report.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!old.circumstances().equals(empty.circumstances())) {
      throw new Failure(
          "the figures there were taken of something else: "
              + old.circumstances()
              + ", and now it is "
              + empty.circumstances(),
          file.toString(),
          "write to another file with --json, or leave out --resume to begin anew");
    }
    return new Journal(file, old);
  }

  void add(Ruler ruler) {
    save(report.with(ruler));
  }

  void add(Row row) {
    save(report.with(row));
  }

  Report report() {
    return report;
  }

  private void save(Report now) {
    report = now;
    if (file != null) Json.write(file, report);
  }
}
