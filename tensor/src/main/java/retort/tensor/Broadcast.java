package retort.tensor;

/// Two operands stretched to one shape, by NumPy's rule: shapes are aligned at their last axes, and
/// an axis of extent 1 repeats. `a` and `b` hold the strides with which each operand is walked
/// while the result is walked in order; 0 where it repeats.
public record Broadcast(Shape out, int[] a, int[] b) {

  /// The rule, or a refusal in the name of `op`.
  public static Broadcast of(String op, Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] out = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int da = i <= a.rank() ? a.at(-i) : 1, db = i <= b.rank() ? b.at(-i) : 1;
      if (da != db && da != 1 && db != 1) {
        throw ShapeException.of(
            op, "shapes must agree, or be 1, on every axis counted from the last", a, b);
      }
      out[rank - i] = da == 1 ? db : da;
    }
    Shape shape = Shape.of(out);
    return new Broadcast(shape, strides(a, shape), strides(b, shape));
  }

  /// The strides with which a smaller shape is walked over a larger one.
  public static int[] strides(Shape small, Shape large) {
    int[] own = small.strides(), walk = new int[large.rank()];
    int skip = large.rank() - small.rank();
    for (int i = 0; i < own.length; i++) walk[skip + i] = small.at(i) == 1 ? 0 : own[i];
    return walk;
  }
}
