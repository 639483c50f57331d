package retort.nn;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Chooses parameters or modules by path: `*` stands for any run of characters, and a pattern also
/// chooses everything below a module it matches. `layer1` chooses `layer1.0.conv1.weight`; `*bn*`
/// everything with `bn` in its path.
public final class PathPattern {
  private final String text;
  private final Pattern regex;

  public PathPattern(String text) {
    this.text = text;
    regex = Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q") + "(\\..*)?");
  }

  public boolean matches(String path) {
    return regex.matcher(path).matches();
  }

  /// The paths it matches; refuses to match none, with what was probably meant.
  public List<String> select(Collection<String> paths) {
    List<String> chosen = paths.stream().filter(this::matches).toList();
    if (chosen.isEmpty()) throw noneMatches(paths);
    return chosen;
  }

  private IllegalArgumentException noneMatches(Collection<String> paths) {
    List<String> prefixes = paths.stream().flatMap(PathPattern::prefixes).distinct().toList();
    return new IllegalArgumentException(
        "no path matches '"
            + text
            + "'"
            + Nearest.hint(text.replace("*", ""), prefixes)
            + "; there are "
            + String.join(", ", paths.stream().limit(8).toList())
            + (paths.size() > 8 ? ", ... (" + paths.size() + ")" : ""));
  }

  private static Stream<String> prefixes(String path) {
    return IntStream.rangeClosed(1, path.length())
        .filter(i -> i == path.length() || path.charAt(i) == '.')
        .mapToObj(i -> path.substring(0, i));
  }

  @Override
  public String toString() {
    return text;
  }
}
