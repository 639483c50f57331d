package retort.experiments.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// SHA-256 over data, in hexadecimal: two runs with the same hash saw the same bytes.
public final class DataHash {
  private static final int CHUNK = 1 << 16;

  private DataHash() {}

  /// Over a stream to its end.
  public static String of(InputStream in) throws IOException {
    MessageDigest digest = sha256();
    add(in, digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Over several files one after the other, in the order given.
  public static String of(List<Path> files) throws IOException {
    MessageDigest digest = sha256();
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        add(in, digest);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(InputStream in, MessageDigest digest) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) digest.update(chunk, 0, n);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
