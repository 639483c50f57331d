package retort.nn.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/// What a collection of files is known by where reading all of it would take too long: names, sizes
/// and labels.
final class Listing {
  @FunctionalInterface
  interface Sizes {
    long of(int index) throws IOException;
  }

  private Listing() {}

  static String sha256(int files, IntFunction<String> names, Sizes sizes, IntUnaryOperator labels) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int i = 0; i < files; i++) {
        String line = names.apply(i) + "\t" + sizes.of(i) + "\t" + labels.applyAsInt(i) + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
