package retort.nn.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import retort.nn.Cost;
import retort.nn.Module;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// A tiny BEiT against values that a NumPy program computed from the same closed-form weights.
class BeitTest {
  private static final double[] FEATURE = {
    2.046270909639, 0.285958539942, -0.778257947605, 0.749137211568, -0.767233920471,
    -1.542984269975, 2.183783089590, 0.589196098443, -0.950501505803, 0.507890224584,
    -0.823797157026, -1.313151935811
  };

  private static final double[] LOGITS = {
    1.143160713732,
    -1.016699797482,
    -0.041123822239,
    1.145535324046,
    1.014837403515,
    -0.802455407174,
    -0.218855330296,
    1.185185956713
  };

  private static double[] sines(int n, double step, double from) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) v[i] = Math.sin(step * i + from);
    return v;
  }

  private static Beit tiny(Device device) {
    Beit net = Module.blank(device, new Beit(4, 2, 6, 2, 2, .1, 3, 4));
    int q = 0;
    for (var entry : net.parameters().entrySet()) {
      Parameter p = entry.getValue();
      double[] v = sines(p.shape().size(), 1.7, .9 * q++ + .3);
      double shift = entry.getKey().matches(".*norm.*weight") ? 1 : 0;
      for (int i = 0; i < v.length; i++) v[i] = .3 * v[i] + shift;
      p.set(v);
    }
    return net;
  }

  @Test
  void agreesWithNumPy() {
    for (Device device : new Device[] {Device.reference(), Device.cpu()}) {
      double near = device.name().equals("reference") ? 1e-10 : 1e-4;
      Beit net = tiny(device);
      Tape.infer(
          device,
          tape -> {
            Tensor x = tape.input(Shape.of(2, 4, 4, 3), sines(96, .7, .5));
            assertThat(net.embed(x).toDoubles()).containsExactly(FEATURE, within(near));
            assertThat(net.apply(x).toDoubles()).containsExactly(LOGITS, within(near));
            return null;
          });
    }
  }

  @Test
  void positionsAreRelativeAndTheClassTokensAreItsOwn() {
    assertThat(BeitBlock.relativePositions(2))
        .containsExactly(
            11, 9, 9, 9, 9, //
            10, 4, 3, 1, 0, //
            10, 5, 4, 2, 1, //
            10, 7, 6, 4, 3, //
            10, 8, 7, 5, 4);
  }

  /// The parameter counts that timm prints, in millions; the multiply-accumulates of the base net
  /// by hand: 12 d^2 + 2 t d a token and block, and the patches.
  @Test
  void theyCostWhatTheyShould() {
    Cost base = Backbones.named("beitv2_base").cost();
    assertThat(base.parameters()).isEqualTo(86_530_984);
    long d = 768, t = 197;
    assertThat(base.macs())
        .isEqualTo(12 * t * (12 * d * d + 2 * t * d) + 196 * 16 * 16 * 3 * d + d * 1000);
    Backbone large = Backbones.named("beitv2_large").make();
    assertThat(large.parameterCount()).isEqualTo(304_430_568);
    assertThat(large.featureWidth()).isEqualTo(1024);
    assertThat(large.stages()).isEmpty();
  }

  @Test
  void anotherImageSizeIsRefused() {
    Device device = Device.reference();
    Beit net = tiny(device);
    net.named("teacher");
    assertThatThrownBy(() -> Tape.infer(device, t -> net.embed(t.fill(Shape.of(1, 8, 8, 3), 0))))
        .hasMessage("teacher: beit: wants images [n, 4, 4, c]; got [[1, 8, 8, 3]]");
    assertThatThrownBy(() -> new Beit(30, 16, 8, 1, 3, 1, 3, 2))
        .hasMessage(
            "beit: patches of 16 don't tile an image of 30, or 3 heads don't divide the width 8");
  }
}
