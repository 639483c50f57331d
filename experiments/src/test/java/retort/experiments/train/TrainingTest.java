package retort.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import retort.experiments.recipe.Recipe;
import retort.gendd.Labels;
import retort.nn.Module;
import retort.nn.backbone.Backbones;
import retort.nn.data.Order;
import retort.nn.optim.Lamb;
import retort.nn.optim.Optimiser;
import retort.nn.optim.ParameterGroup;
import retort.tensor.Device;

/// What a recipe's section of training asks for is what a training gets.
class TrainingTest {
  record Plan(Training training) {}

  private static Training strong() {
    return Recipe.parse(
            "strong",
            """
            training:
              epochs: 6
              batch: 8
              optimiser: lamb
              rate: 5e-3
              momentum: 0.9
              nesterov: false
              beta2: 0.999
              weight-decay: 0.02
              schedule: timm-cosine
              warm-up: 5
              milestones: []
              label-smoothing: 0.1
              loss: binary-cross-entropy
              decay-vectors: false
              repeats: 3
              drop-path: 0.05
              look: {jitter: 0, resize: 235}
            """)
        .as(Plan.class)
        .training();
  }

  @Test
  void repeatsPutViewsOfAnImageBesideEachOther() {
    Order.Visits visits = strong().order(1).epoch(0, 10);
    assertThat(visits.views()).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2, 0);
    assertThat(visits.indices()[0]).isEqualTo(visits.indices()[2]);
    assertThat(visits.indices()[2]).isNotEqualTo(visits.indices()[3]);
    assertThat(Training.sgd(1, 8, 0.1).order(1)).isEqualTo(new Order.Shuffled(1));
  }

  @Test
  void vectorsAreNotDecayedWhereTheRecipeSaysSo() {
    Module net = Module.on(Device.cpu(1), 1, Backbones.make("resnet8", 1, 10));
    Optimiser optimiser = strong().optimiser(net, List.of(ParameterGroup.all(0.02)));
    assertThat(optimiser).isInstanceOf(Lamb.class);
    Map<String, ParameterGroup> groups = optimiser.groups();
    assertThat(groups.get("conv1.weight").weightDecay()).isEqualTo(0.02);
    assertThat(groups.get("fc.weight").weightDecay()).isEqualTo(0.02);
    assertThat(groups.get("fc.bias").weightDecay()).isZero();
    assertThat(groups.get("layer2.0.bn1.weight").weightDecay()).isZero();
    Optimiser usual = Training.adamW(1, 8, 1e-3).optimiser(net, List.of(ParameterGroup.all(0.02)));
    assertThat(usual.groups().get("fc.bias").weightDecay()).isEqualTo(0.02);
  }

  @Test
  void labelsAreLearntAsTheRecipeSays() {
    Labels labels = strong().labels(new int[] {1}, null);
    assertThat(labels.binary()).isTrue();
    assertThat(labels.smoothing()).isEqualTo(0.1);
    assertThat(Training.sgd(1, 8, 0.1).labels(new int[] {1}, null).binary()).isFalse();
  }

  @Test
  void theRateIsTimms() {
    assertThat(strong().rates(9).at(0, 3)).isEqualTo(1e-6);
    assertThat(strong().rates(9).at(5, 0)).isLessThan(5e-3);
  }

  @Test
  void aTrainingSeesPhotographsItsOwnWay() {
    Photographs data = new Photographs(224, 0.08, 0.4, true, 256);
    Photographs seen = data.seen(strong().look().orElseThrow());
    assertThat(seen).isEqualTo(new Photographs(224, 0.08, 0, true, 235));
    Optional<Double> asItIs = Optional.empty();
    assertThatThrownBy(() -> data.seen(new Photographs.Look(asItIs, asItIs, Optional.of(200))))
        .hasMessage("test images resized to 200 are smaller than the inputs of 224");
  }
}
