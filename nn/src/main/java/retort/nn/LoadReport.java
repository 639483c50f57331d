package retort.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// How the arrays of a file fitted a module.
///
/// @param loaded how many tensors got their values
/// @param missing paths of the module that the file lacks
/// @param unexpected names of the file that the module lacks
/// @param mismatched path and the two shapes, for arrays of another shape
public record LoadReport(
    int loaded,
    List<String> missing,
    List<String> unexpected,
    SequencedMap<String, String> mismatched) {
  private static final int SHOWN = 5; // enough to see what kind of difference it is

  public boolean isComplete() {
    return missing.isEmpty() && unexpected.isEmpty() && mismatched.isEmpty();
  }

  /// One line, with the first names of each kind and what an unexpected name may have meant.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(loaded + " tensors fit");
    if (!mismatched.isEmpty()) {
      List<String> each = new ArrayList<>();
      mismatched.forEach((path, shapes) -> each.add(path + " " + shapes));
      parts.add(list(mismatched.size(), "of another shape", each));
    }
    if (!missing.isEmpty()) parts.add(list(missing.size(), "missing", missing));
    if (!unexpected.isEmpty()) {
      List<String> each =
          unexpected.stream()
              .limit(SHOWN)
              .map(n -> n + Nearest.to(n, missing).map(m -> " (is it " + m + "?)").orElse(""))
              .toList();
      parts.add(list(unexpected.size(), "unexpected", each));
    }
    return String.join("; ", parts);
  }

  private static String list(int count, String kind, List<String> names) {
    return count
        + " "
        + kind
        + ": "
        + String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
        + (count > SHOWN ? ", ..." : "");
  }
}
