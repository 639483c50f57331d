package retort.tensor.gradcheck;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A function of arrays with a backward written by hand: the only thing the kit needs to know. It
/// may come from any library, or from none.
///
/// The rule it keeps: for the same `x` it answers the same bits, and it writes to nothing it was
/// given. A function with several outputs concatenates them into one array.
public interface Differentiable {
  /// y = f(x)
  NdArray apply(NdArray... x);

  /// The vector-Jacobian product, which is what frameworks call backward: the gradient of `<dy,
  /// f(x)>` for each input, of that input's shape; null for an input that has no gradient.
  NdArray[] vjp(NdArray[] x, NdArray dy);

  /// As `vjp`, for the wanted inputs alone; the others must be null. Override it where leaving a
  /// gradient out saves work, and the kit checks that it is left out.
  default NdArray[] vjp(NdArray[] x, NdArray dy, boolean[] wanted) {
    NdArray[] dx = vjp(x, dy);
    for (int i = 0; i < dx.length; i++) {
      dx[i] = wanted[i] ? dx[i] : null;
    }
    return dx;
  }

  /// The Jacobian-vector product, where the function has a forward mode: how `f` moves when `x`
  /// moves along `dx`.
  default Optional<NdArray> jvp(NdArray[] x, NdArray[] dx) {
    return Optional.empty();
  }

  static Differentiable of(
      Function<NdArray[], NdArray> f, BiFunction<NdArray[], NdArray, NdArray[]> vjp) {
    return new Differentiable() {
      @Override
      public NdArray apply(NdArray... x) {
        return f.apply(x);
      }

      @Override
      public NdArray[] vjp(NdArray[] x, NdArray dy) {
        return vjp.apply(x, dy);
      }
    };
  }

  /// For code that knows flat arrays only: `f` takes one array an input and answers one array,
  /// `vjp` answers one gradient an input.
  static Differentiable flat(
      Function<double[][], double[]> f, BiFunction<double[][], double[], double[][]> vjp) {
    return of(
        x -> NdArray.vector(f.apply(data(x))), (x, dy) -> shaped(vjp.apply(data(x), dy.data()), x));
  }

  private static double[][] data(NdArray[] x) {
    double[][] data = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      data[i] = x[i].data();
    }
    return data;
  }

  private static NdArray[] shaped(double[][] dx, NdArray[] x) {
    NdArray[] shaped = new NdArray[dx.length];
    for (int i = 0; i < dx.length; i++) {
      if (dx[i] != null) {
        boolean fits = i < x.length && dx[i].length == x[i].size();
        shaped[i] = fits ? new NdArray(dx[i], x[i].shape()) : NdArray.vector(dx[i]);
      }
    }
    return shaped;
  }
}
