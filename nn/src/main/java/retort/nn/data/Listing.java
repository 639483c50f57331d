package retort.nn.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import retort.nn.io.Sha256;

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
      MessageDigest digest = Sha256.digest();
      for (int i = 0; i < files; i++) {
        String line = names.apply(i) + "\t" + sizes.of(i) + "\t" + labels.applyAsInt(i) + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return Sha256.hex(digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
