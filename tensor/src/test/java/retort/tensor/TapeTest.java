package retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TapeTest {
  private final Device device = Device.reference();

  @Test
  void gradientsOfALinearLayerAreTheTextbookOnes() {
    Parameter w = Parameter.of(device, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Parameter b = Parameter.of(device, Shape.of(2), 0.5f, -0.5f);
    double loss =
        Tape.train(
            device,
            tape -> {
              Tensor x = tape.input(Shape.of(1, 3), 1, -1, 2);
              Tensor l = x.linear(w, b).square().sum();
              tape.backward(l);
              return l.item();
            });
    double y0 = 1 - 2 + 6 + 0.5, y1 = 4 - 5 + 12 - 0.5;
    assertThat(loss).isCloseTo(y0 * y0 + y1 * y1, within(1e-12));
    assertThat(w.grad().toDoubles())
        .containsExactly(2 * y0, -2 * y0, 4 * y0, 2 * y1, -2 * y1, 4 * y1);
    assertThat(b.grad().toDoubles()).containsExactly(2 * y0, 2 * y1);
  }

  @Test
  void aTensorUsedTwiceGetsBothGradients() {
    Parameter p = Parameter.of(device, Shape.of(2), 3, -2);
    Tape.train(
        device,
        tape -> {
          tape.backward(p.mul(p).add(p).sum());
          return null;
        });
    assertThat(p.grad().toDoubles()).containsExactly(7, -3);
  }

  @Test
  void aViewsGradientIsAPartOfItsBases() {
    Parameter p = Parameter.of(device, Shape.of(4, 2), 1, 2, 3, 4, 5, 6, 7, 8);
    Tape.train(
        device,
        tape -> {
          Tensor y = p.mul(1);
          tape.backward(y.narrow(0, 1, 2).reshape(4).square().sum());
          return null;
        });
    assertThat(p.grad().toDoubles()).containsExactly(0, 0, 6, 8, 10, 12, 0, 0);
  }

  @Test
  void backwardTwiceAddsUpUntilZeroGrad() {
    Parameter p = Parameter.of(device, Shape.of(1), 5);
    for (int i = 0; i < 2; i++) step(p);
    assertThat(p.grad().item()).isEqualTo(20);
    p.zeroGrad();
    assertThat(p.hasGrad()).isFalse();
    step(p);
    assertThat(p.grad().item()).isEqualTo(10);
  }

  private void step(Parameter p) {
    Tape.train(
        device,
        tape -> {
          tape.backward(p.square().sum());
          return null;
        });
  }

  @Test
  void memoryReturnsAndASteadyStepTakesNoFreshBuffer() {
    Device cpu = Device.cpu();
    Parameter w = Parameter.of(cpu, Shape.of(4, 4), new float[16]);
    long live = 0, fresh = 0;
    for (int step = 0; step < 5; step++) {
      Tape.train(
          cpu,
          tape -> {
            Tensor x = tape.normal(Shape.of(8, 4), new Philox(1, 2));
            Tensor h = tape.tidy(() -> x.linear(w, null).relu().linear(w, null).gelu());
            Tensor unused = h.exp();
            assertThat(unused.isLive()).isTrue();
            tape.backward(h.square().mean());
            return null;
          });
      w.zeroGrad();
      if (step == 1) {
        live = cpu.memory().live();
        fresh = cpu.memory().fresh();
      }
    }
    assertThat(cpu.memory().live()).isEqualTo(live);
    assertThat(cpu.memory().fresh()).isEqualTo(fresh);
  }

  @Test
  void memoryReturnsWhenAStepFails() {
    Device cpu = Device.cpu();
    Parameter w = Parameter.of(cpu, Shape.of(2, 2), new float[4]);
    assertThatThrownBy(() ->
            Tape.train(
                cpu, tape -> tape.tidy(() -> w.square().matmul(tape.fill(Shape.of(3, 2), 1)))))
        .isInstanceOf(ShapeException.class)
        .hasMessage("matmul: inner dimensions must agree, got 2 and 3; got [[2, 2], [3, 2]]");
    assertThat(cpu.memory().live()).isEqualTo(16);
  }

  @Test
  void errorsSayWhatToDo() {
    assertThatThrownBy(() -> Parameter.of(device, Shape.of(1), 1).square())
        .hasMessageContaining("no tape is running");
    Tensor dead = Tape.infer(device, tape -> tape.fill(Shape.of(2), 1));
    assertThatThrownBy(dead::toFloats).hasMessageContaining("used after its scope ended");
    assertThatThrownBy(() ->
            Tape.train(
                device,
                tape -> {
                  tape.backward(tape.fill(Shape.of(2), 1).exp().mean());
                  return null;
                }))
        .hasMessageContaining("the loss is detached")
        .hasMessageContaining("mean(exp(input))");
    assertThatThrownBy(
            () -> Tape.infer(Device.cpu(), tape -> Parameter.of(device, Shape.of(1), 1).exp()))
        .hasMessageContaining("device 'reference' was used on a tape of device 'cpu'");
  }

  @Test
  void inferenceRecordsNothing() {
    Parameter p = Parameter.of(device, Shape.of(1), 5);
    assertThatThrownBy(() ->
            Tape.infer(
                device,
                tape -> {
                  tape.backward(p.square());
                  return null;
                }))
        .hasMessageContaining("Tape.train");
  }

  @Test
  void frozenParametersGetNoGradient() {
    Parameter frozen = Parameter.of(device, Shape.of(1), 5).trainable(false);
    Parameter free = Parameter.of(device, Shape.of(1), 2);
    Tape.train(
        device,
        tape -> {
          tape.backward(frozen.mul(free).sum());
          return null;
        });
    assertThat(frozen.hasGrad()).isFalse();
    assertThat(free.grad().item()).isEqualTo(5);
  }
}
