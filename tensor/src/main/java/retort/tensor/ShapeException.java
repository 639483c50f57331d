package retort.tensor;

import java.util.Arrays;

/// An operation was given shapes it has no meaning for. The message names the operation, every
/// shape and the rule.
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final boolean placed;

  public ShapeException(String message) {
    this(message, false);
  }

  private ShapeException(String message, boolean placed) {
    super(message);
    this.placed = placed;
  }

  /// `conv2d: wants x [n, h, w, c] and ...; got [[1, 2], [3]]`
  public static ShapeException of(String op, String rule, Shape... got) {
    return new ShapeException(op + ": " + rule + "; got " + Arrays.toString(got));
  }

  /// The same refusal, with the module that asked in front of it; the innermost module alone.
  public ShapeException at(String path) {
    if (placed) return this;
    ShapeException e = new ShapeException(path + ": " + getMessage(), true);
    e.setStackTrace(getStackTrace());
    return e;
  }
}
