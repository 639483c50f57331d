package retort.tensor.gradcheck;

import java.util.Arrays;
import java.util.List;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// A tensor program on a device as a function of arrays: each call runs a tape of its own. The
/// inputs are the function's, and after them the program's parameters.
record OnDevice(Device device, TensorProgram program) implements Differentiable {
  @Override
  public NdArray apply(NdArray... x) {
    // A training tape here too, so that what is judged is the forward that training runs.
    return Tape.train(
        device, tape -> array(run(tape, x, new boolean[x.length], new Tensor[x.length])));
  }

  @Override
  public NdArray[] vjp(NdArray[] x, NdArray dy) {
    boolean[] all = new boolean[x.length];
    Arrays.fill(all, true);
    return vjp(x, dy, all);
  }

  @Override
  public NdArray[] vjp(NdArray[] x, NdArray dy, boolean[] wanted) {
    return Tape.train(
        device,
        tape -> {
          Tensor[] in = new Tensor[x.length];
          Tensor y = run(tape, x, wanted, in);
          if (y.wantsGrad()) {
            tape.backward(y, tape.input(Shape.of(dy.shape()), dy.data()));
          }
          NdArray[] dx = new NdArray[x.length];
          for (int i = 0; i < dx.length; i++) {
            dx[i] = gradient(in[i], wanted[i], x[i].shape());
          }
          return dx;
        });
  }

  private Tensor run(Tape tape, NdArray[] x, boolean[] wanted, Tensor[] in) {
    List<Parameter> parameters = program.parameters();
    int free = x.length - parameters.size();
    for (int i = 0; i < x.length; i++) {
      if (i < free) {
        Shape shape = Shape.of(x[i].shape());
        in[i] = wanted[i] ? tape.variable(shape, x[i].data()) : tape.input(shape, x[i].data());
      } else {
        Parameter p = parameters.get(i - free).trainable(wanted[i]);
        p.set(x[i].data());
        p.zeroGrad();
        in[i] = p;
      }
    }
    return program.f().apply(Arrays.copyOf(in, free));
  }

  /// A gradient that nobody wants isn't hidden here: the kit is to see it. An input that the output
  /// doesn't depend on has a gradient of zeros.
  private static NdArray gradient(Tensor t, boolean wanted, int[] shape) {
    if (t.hasGrad()) {
      return array(t.grad());
    }
    return wanted ? NdArray.zeros(shape) : null;
  }

  private static NdArray array(Tensor t) {
    return new NdArray(t.toDoubles(), t.shape().toArray());
  }
}
