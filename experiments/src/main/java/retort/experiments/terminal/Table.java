package retort.experiments.terminal;

import java.util.ArrayList;
import java.util.List;

/// A table that is shown as aligned text and, in a report, as HTML. A column whose cells all begin
/// like numbers stands to the right.
public final class Table {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... head) {
    this.head = List.of(head);
  }

  /// @param cells as many as the head; each is shown by its `toString`
  public Table row(Object... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(
          "table: a row of " + cells.length + " cells under a head of " + head.size());
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) row.add(cell.toString());
    rows.add(List.copyOf(row));
    return this;
  }

  public List<String> head() {
    return head;
  }

  public List<List<String>> rows() {
    return List.copyOf(rows);
  }

  public boolean isNumeric(int column) {
    return !rows.isEmpty()
        && rows.stream()
            .map(row -> row.get(column))
            .allMatch(cell -> cell.matches("[-+]?[\\d.].*|-|"));
  }

  @Override
  public String toString() {
    int[] width = new int[head.size()];
    for (int c = 0; c < width.length; c++) {
      width[c] = head.get(c).length();
      for (List<String> row : rows) width[c] = Math.max(width[c], row.get(c).length());
    }
    var out = new StringBuilder();
    line(out, head, width);
    for (int c = 0; c < width.length; c++) out.append(c == 0 ? "" : "  ").repeat("─", width[c]);
    out.append('\n');
    for (List<String> row : rows) line(out, row, width);
    return out.toString();
  }

  private void line(StringBuilder out, List<String> cells, int[] width) {
    var line = new StringBuilder();
    for (int c = 0; c < width.length; c++) {
      String cell = cells.get(c);
      String gap = " ".repeat(width[c] - cell.length());
      line.append(c == 0 ? "" : "  ").append(isNumeric(c) ? gap + cell : cell + gap);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
