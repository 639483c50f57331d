package retort.nn;

import java.io.IOException;

/// A checkpoint that doesn't fit what it is loaded into. The message says which tensors, and is fit
/// to be shown as it is.
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  public CheckpointException(String message) {
    super(message);
  }
}
