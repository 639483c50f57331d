package retort.gendd.methods;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import retort.nn.Nearest;

/// The numbers a method is set by, each with where it comes from. Defaults lie in the table
/// `defaults.csv` beside this class: data, by pair of nets, not code.
public final class MethodOptions {
  /// @param source a paper, or a file of a public repository
  public record Value(double value, String source) {}

  private static final String ANY = "*";
  private static final String TABLE = "defaults.csv";
  private static final int COLUMNS = 6;

  private final String method;
  private final SequencedMap<String, Value> values;

  private MethodOptions(String method, SequencedMap<String, Value> values) {
    this.method = method;
    this.values = values;
  }

  /// The defaults of a method for a pair of nets, by their names in the table.
  static MethodOptions of(String method, String teacher, String student) {
    SequencedMap<String, Value> values = new LinkedHashMap<>();
    for (Row row : Row.ALL) {
      if (row.method.equals(method) && row.fits(teacher, student))
        values.put(row.option, row.value);
    }
    return new MethodOptions(method, values);
  }

  /// Each option by name.
  public SequencedMap<String, Value> values() {
    return Collections.unmodifiableSequencedMap(values);
  }

  public double get(String option) {
    return known(option).value();
  }

  int whole(String option) {
    double v = get(option);
    if (v != Math.rint(v)) {
      throw new IllegalArgumentException(
          method + ": option '" + option + "' is a whole number, got " + v);
    }
    return (int) v;
  }

  boolean yes(String option) {
    return get(option) != 0;
  }

  /// The same options but one; an unknown one is refused with the closest there is.
  public MethodOptions with(String option, double value) {
    known(option);
    SequencedMap<String, Value> changed = new LinkedHashMap<>(values);
    changed.put(option, new Value(value, "given"));
    return new MethodOptions(method, changed);
  }

  private Value known(String option) {
    Value v = values.get(option);
    if (v == null) {
      throw new IllegalArgumentException(
          "method "
              + method
              + " has no option '"
              + option
              + "'"
              + Nearest.hint(option, values.keySet())
              + "; it has "
              + (values.isEmpty() ? "none" : String.join(", ", values.keySet())));
    }
    return v;
  }

  /// A method's rows of the table, general ones first.
  public static List<Row> table(String method) {
    return Row.ALL.stream().filter(row -> row.method.equals(method)).toList();
  }

  /// A default of the table.
  ///
  /// @param teacher a backbone's name, or `*` for any
  /// @param student likewise
  public record Row(String method, String teacher, String student, String option, Value value) {
    private static final List<Row> ALL = read();

    private static List<Row> read() {
      try (InputStream in = MethodOptions.class.getResourceAsStream(TABLE)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Row::parse)
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(TABLE, e);
      }
    }

    private static Row parse(String line) {
      String[] c = line.split(",", COLUMNS);
      if (c.length < COLUMNS) {
        throw new IllegalStateException(
            TABLE + ": a row wants " + COLUMNS + " columns, got '" + line + "'");
      }
      Value v = new Value(Double.parseDouble(c[4].strip()), c[5].strip());
      return new Row(c[0].strip(), c[1].strip(), c[2].strip(), c[3].strip(), v);
    }

    private boolean fits(String ofTeacher, String ofStudent) {
      return (teacher.equals(ANY) || teacher.equals(ofTeacher))
          && (student.equals(ANY) || student.equals(ofStudent));
    }
  }
}
