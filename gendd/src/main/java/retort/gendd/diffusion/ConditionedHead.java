package retort.gendd.diffusion;

import java.util.function.Supplier;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The head with rows of conditions in hand; see [DenoisingHead#given].
public record ConditionedHead(DenoisingHead head, Tensor conditions) implements Denoiser {
  @Override
  public Tensor apply(Tensor x, double... time) {
    return head.apply(x, time, conditions);
  }

  /// The head with classifier-free guidance. At scale 1 that is the head as it is: it isn't asked
  /// without a condition.
  public Denoiser guided(double scale) {
    return scale == 1 ? this : guided(head.unconditional(), scale);
  }

  /// @param others rows of conditions to be guided away from
  Denoiser guided(Tensor others, double scale) {
    return (x, time) -> head.guided(x, time, conditions, others, scale);
  }

  /// The head without a condition, asked about the same places.
  ConditionedHead unconditional() {
    return head.given(head.unconditional());
  }

  /// What the head says, as a constant: nothing is remembered for a backward pass.
  Tensor said(Tensor x, double... time) {
    return constant(x.shape(), () -> apply(x, time));
  }

  /// How what the head says changes along (dx, dtime), as a constant.
  Tensor derivative(Tensor x, Tensor dx, double[] time, double[] dtime) {
    return constant(
        x.shape(), () -> head.differentiate(new Dual(x, dx), time, dtime, conditions).tangent());
  }

  private static Tensor constant(Shape shape, Supplier<Tensor> block) {
    Tape tape = Tape.current();
    Tensor y = tape.fill(shape, 0);
    Tape.infer(
        tape.device(),
        inner -> {
          inner.device().kernels().axpby(1, block.get().span(), 0, y.span());
          return null;
        });
    return y;
  }
}
