package retort.tensor.gradcheck;

import java.util.Arrays;
import java.util.Random;

/// A function as it is, for others to spoil; and the ways of spoiling it that leave a single call
/// of its backward right: it remembers, it shares arrays, it hands out what nobody asked for.
class Misbehaviour implements Differentiable {
  private final Differentiable f;

  Misbehaviour(Differentiable f) {
    this.f = f;
  }

  @Override
  public NdArray apply(NdArray... x) {
    return f.apply(x);
  }

  @Override
  public NdArray[] vjp(NdArray[] x, NdArray dy) {
    return f.vjp(x, dy);
  }

  static Differentiable accumulating(Differentiable f) {
    return new Misbehaviour(f) {
      private double[] sum = new double[0];

      @Override
      public NdArray[] vjp(NdArray[] x, NdArray dy) {
        NdArray[] dx = f.vjp(x, dy);
        sum = Arrays.copyOf(sum, dx[0].size());
        Arrays.setAll(sum, j -> sum[j] + dx[0].data()[j]);
        dx[0] = new NdArray(sum.clone(), dx[0].shape());
        return dx;
      }
    };
  }

  static Differentiable cached(Differentiable f) {
    return new Misbehaviour(f) {
      private NdArray[] last;

      @Override
      public NdArray apply(NdArray... x) {
        last = NdArray.copies(x);
        return f.apply(x);
      }

      @Override
      public NdArray[] vjp(NdArray[] x, NdArray dy) {
        NdArray[] dx = f.vjp(last, dy);
        last = NdArray.copies(x);
        return dx;
      }
    };
  }

  static Differentiable reusing(Differentiable f) {
    return new Misbehaviour(f) {
      private double[] buffer = new double[0];

      @Override
      public NdArray[] vjp(NdArray[] x, NdArray dy) {
        NdArray[] dx = f.vjp(x, dy);
        buffer = buffer.length == dx[0].size() ? buffer : new double[dx[0].size()];
        System.arraycopy(dx[0].data(), 0, buffer, 0, buffer.length);
        dx[0] = new NdArray(buffer, dx[0].shape());
        return dx;
      }
    };
  }

  static Differentiable noisy(Differentiable f) {
    return new Misbehaviour(f) {
      private final Random random = new Random(3);

      @Override
      public NdArray[] vjp(NdArray[] x, NdArray dy) {
        NdArray[] dx = f.vjp(x, dy);
        Arrays.setAll(dx[0].data(), j -> dx[0].data()[j] * (1 + 1e-9 * random.nextGaussian()));
        return dx;
      }
    };
  }

  static Differentiable eager(Differentiable f) {
    return new Misbehaviour(f) {
      @Override
      public NdArray[] vjp(NdArray[] x, NdArray dy, boolean[] wanted) {
        return f.vjp(x, dy);
      }
    };
  }

  static Differentiable lastUse(Differentiable f) {
    return new Misbehaviour(f) {
      @Override
      public NdArray[] vjp(NdArray[] x, NdArray dy) {
        NdArray[] dx = f.vjp(x, dy);
        return x[0] == x[1] ? new NdArray[] {dx[1], dx[1]} : dx;
      }
    };
  }

  static Differentiable inPlace(Differentiable f) {
    return new Misbehaviour(f) {
      @Override
      public NdArray apply(NdArray... x) {
        NdArray y = f.apply(x);
        System.arraycopy(y.data(), 0, x[0].data(), 0, y.size());
        return x[0];
      }
    };
  }
}
