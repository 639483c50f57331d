package retort.tensor.gradcheck;

import java.util.Arrays;

/// A dense row-major array of doubles and its shape: what the kit hands to a function and expects
/// back. It wraps the array it is given, never a copy, so that the kit can see a function write
/// where it should only read. A scalar has no extents; an extent of 0 makes an empty array.
public record NdArray(double[] data, int... shape) {
  public NdArray {
    shape = shape.clone();
    if (data.length != size(shape)) {
      throw new IllegalArgumentException(
          "shape %s holds %d values, but %d were given; pass as many values as the extents multiply to"
              .formatted(Arrays.toString(shape), size(shape), data.length));
    }
  }

  public static NdArray zeros(int... shape) {
    return new NdArray(new double[size(shape)], shape);
  }

  public static NdArray scalar(double value) {
    return new NdArray(new double[] {value});
  }

  public static NdArray vector(double... values) {
    return new NdArray(values, values.length);
  }

  public int size() {
    return data.length;
  }

  public NdArray copy() {
    return new NdArray(data.clone(), shape);
  }

  /// The coordinates of a flat position, as text: `[1, 2]`, or nothing for a scalar.
  public static String index(int flat, int... shape) {
    if (shape.length == 0) {
      return "";
    }
    int[] at = new int[shape.length];
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = flat % shape[axis];
      flat /= shape[axis];
    }
    return Arrays.toString(at);
  }

  static int size(int... shape) {
    if (Arrays.stream(shape).anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " has a negative extent; extents are 0 or more");
    }
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  static NdArray[] copies(NdArray[] arrays) {
    return Arrays.stream(arrays).map(NdArray::copy).toArray(NdArray[]::new);
  }

  boolean sameShape(NdArray other) {
    return Arrays.equals(shape, other.shape);
  }

  /// The largest absolute difference, 0 only for equal bits (or zeros of either sign), NaN where
  /// just one of the two is NaN.
  double distance(NdArray other) {
    double worst = 0;
    for (int i = 0; i < data.length; i++) {
      boolean same =
          data[i] == other.data[i] || Double.isNaN(data[i]) && Double.isNaN(other.data[i]);
      worst = Math.max(worst, same ? 0 : Math.abs(data[i] - other.data[i]));
    }
    return worst;
  }

  double dot(NdArray other) {
    double sum = 0;
    for (int i = 0; i < data.length; i++) {
      sum += data[i] * other.data[i];
    }
    return sum;
  }
}
