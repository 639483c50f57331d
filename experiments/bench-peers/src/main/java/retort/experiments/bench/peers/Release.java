package retort.experiments.bench.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The version of a peer, as its own jar tells it: `0.3.31-1.5.13` is release 0.3.31, packed by
/// JavaCPP 1.5.13.
final class Release {
  private Release() {}

  static String of(String artifact) {
    String file = "/META-INF/maven/org.bytedeco/" + artifact + "/pom.properties";
    var properties = new Properties();
    try (InputStream in = Release.class.getResourceAsStream(file)) {
      if (in != null) properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "of unknown version").replaceAll("-.*", "");
  }
}
