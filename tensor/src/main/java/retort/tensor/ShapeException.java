package retort.tensor;

import java.util.Arrays;

/// An operation was given shapes it has no meaning for. The message names the operation, every
/// shape and the rule.
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public ShapeException(String message) {
    super(message);
  }

  /// `conv2d: wants x [n, h, w, c] and ...; got [[1, 2], [3]]`
  public static ShapeException of(String op, String rule, Shape... got) {
    return new ShapeException(op + ": " + rule + "; got " + Arrays.toString(got));
  }

  /// The same refusal, with the module that asked in front of it.
  public ShapeException at(String path) {
    ShapeException e = new ShapeException(path + ": " + getMessage());
    e.setStackTrace(getStackTrace());
    return e;
  }
}
