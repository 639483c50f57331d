package retort.nn;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds the name somebody probably meant.
public final class Nearest {
  private Nearest() {}

  /// The name closest to `typed` by edit distance (a swap of neighbours counts once), or none where
  /// even the closest differs in more than a third of its letters and neither begins with the
  /// other.
  public static Optional<String> to(String typed, Collection<String> names) {
    return names.stream()
        .filter(name -> isClose(typed, name))
        .min(
            Comparator.comparingInt((String name) -> distance(typed, name))
                .thenComparing(name -> name));
  }

  /// `"; did you mean 'x'?"`, or the empty string where no name is close.
  public static String hint(String typed, Collection<String> names) {
    return to(typed, names).map(name -> "; did you mean '" + name + "'?").orElse("");
  }

  private static boolean isClose(String typed, String name) {
    int longest = Math.max(typed.length(), name.length());
    boolean prefix =
        Math.min(typed.length(), name.length()) > 2
            && (typed.startsWith(name) || name.startsWith(typed));
    return prefix || distance(typed, name) <= Math.max(1, longest / 3);
  }

  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1))
                ? 0
                : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
