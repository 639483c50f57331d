package retort.nn.io;

import java.io.IOException;

/// A file whose contents are not what its format promises. The message names the file, the place
/// and the values that disagree, so that it can be shown as it is.
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public FormatException(Object file, String what) {
    super(file + ": " + what);
  }

  public FormatException(Object file, String what, Throwable cause) {
    super(file + ": " + what, cause);
  }
}
