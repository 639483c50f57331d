package retort.experiments;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/// Which code this is: the version, and the commit it was built from where it was built inside a
/// repository (`-dirty` marks uncommitted changes). The build writes both beside this class.
public record CodeVersion(String version, String commit) {
  public static CodeVersion current() {
    var built = new Properties();
    try (InputStream in = CodeVersion.class.getResourceAsStream("build.properties")) {
      if (in != null) built.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CodeVersion(
        built.getProperty("version", "unknown"), known(built.getProperty("commit", "")));
  }

  private static String known(String commit) {
    return commit.isBlank() ? "unknown" : commit;
  }

  @Override
  public String toString() {
    return version + " (commit " + commit + ")";
  }

  /// What `retort --version` prints.
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"retort " + current(), "on " + Machine.current().jvm()};
    }
  }
}
