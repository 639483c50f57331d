package retort.experiments.recipe;

/// Where a value was written: a file with line and column (from 1), or an option of the command
/// line.
///
/// @param line 0 where the source has no lines
public record Origin(String source, int line, int column) {
  public static Origin option(String option) {
    return new Origin(option, 0, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
