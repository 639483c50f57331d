package retort.experiments.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory a piece of native work takes at its peak: by how much the process's resident
/// memory, which Linux keeps the highest level of, rises above where it was. Elsewhere nobody can
/// tell.
final class Resident {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path RESET = Path.of("/proc/self/clear_refs");

  /// Writing this sets the highest level back to the present one.
  private static final String HIGHEST = "5";

  private Resident() {}

  /// The bytes that `work` took at its peak, or null where that can't be told.
  static Long peakOf(Runnable work) {
    if (!Files.isReadable(STATUS) || !Files.isWritable(RESET)) {
      work.run();
      return null;
    }
    try {
      Files.writeString(RESET, HIGHEST);
      long before = bytes(Files.readString(STATUS), "VmRSS");
      work.run();
      return bytes(Files.readString(STATUS), "VmHWM") - before;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The bytes of a line such as `VmRSS: 1234 kB`.
  static long bytes(String status, String key) {
    return status
        .lines()
        .filter(line -> line.startsWith(key + ":"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D+", "")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(STATUS + " has no line " + key));
  }
}
