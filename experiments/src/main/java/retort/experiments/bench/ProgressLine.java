package retort.experiments.bench;

import java.io.PrintWriter;

/// What is being measured now: on a terminal one line that overwrites itself, elsewhere plain
/// lines.
final class ProgressLine {
  private static final String ERASE = "\r\u001b[2K";

  private final PrintWriter out;
  private final int columns = Integer.getInteger("retort.columns", 0);

  ProgressLine(PrintWriter out) {
    this.out = out;
  }

  void show(String text) {
    if (columns > 0) out.print(ERASE + text.substring(0, Math.min(text.length(), columns - 1)));
    else out.println(text);
    out.flush();
  }

  void clear() {
    if (columns > 0) out.print(ERASE);
    out.flush();
  }
}
