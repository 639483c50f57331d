package retort.experiments.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Failure;

class RecipeTest {
  enum Centre {
    WEIGHT_ROW,
    CLASS_MEAN
  }

  record Training(
      @Range(min = 1) int epochs,
      @Range(min = 0, max = 1) double labelSmoothing,
      boolean nesterov) {
    Training {
      if (nesterov && epochs == 99)
        throw new IllegalArgumentException("99 epochs don't go with nesterov");
    }
  }

  record Small(
      String name,
      Centre centre,
      Training training,
      List<Integer> steps,
      Optional<Long> seed,
      Map<String, Double> weights) {}

  @TempDir Path folder;

  private static final String GOOD =
      """
      name: small
      centre: weight-row
      training:
        epochs: 1_000
        label-smoothing: 1e-1
        nesterov: true
      steps: [10, 20]
      weights: {kd: 0.9, ce: 1}
      """;

  @Test
  void readsEveryKindOfValue() {
    assertThat(read(GOOD))
        .isEqualTo(
            new Small(
                "small",
                Centre.WEIGHT_ROW,
                new Training(1000, 0.1, true),
                List.of(10, 20),
                Optional.empty(),
                Map.of("kd", 0.9, "ce", 1.0)));
    assertThat(read(GOOD + "seed: 7\n").seed()).contains(7L);
  }

  @Test
  void namesAnUnknownKeyWithItsPlaceAndTheClosestKnownOne() {
    assertThat(refusal(GOOD.replace("label-smoothing", "label-smothing")))
        .contains(
            "r.yaml:5:3: unknown key 'label-smothing' in training; did you mean 'label-smoothing'?")
        .contains("(keys here: epochs, label-smoothing, nesterov)")
        .contains("r.yaml:4:3: missing key 'label-smoothing' in training");
  }

  @Test
  void namesEverythingThatIsWrongAtOnce() {
    String text =
        GOOD.replace("1_000", "many")
            .replace("1e-1", "1.5")
            .replace("nesterov: true", "nesterov: yes")
            .replace("weight-row", "wieght-row")
            .replace("[10, 20]", "[10, x]");
    assertThat(refusal(text))
        .contains("r.yaml:4:11: training.epochs must be a whole number, got 'many'")
        .contains("r.yaml:5:20: training.label-smoothing must be between 0 and 1, got 1.5")
        .contains("r.yaml:6:13: training.nesterov must be true or false, got 'yes'")
        .contains(
            "r.yaml:2:9: centre must be one of weight-row, class-mean, got 'wieght-row'; did you"
                + " mean 'weight-row'?")
        .contains("r.yaml:7:13: steps[1] must be a whole number, got 'x'");
  }

  @Test
  void refusesOneKindOfValueForAnother() {
    assertThat(refusal(GOOD.replace("steps: [10, 20]", "steps: 10")))
        .contains("r.yaml:7:8: steps must be a list");
    assertThat(refusal(GOOD.replace("name: small", "name: [a]")))
        .contains("r.yaml:1:7: name must be a text");
    assertThat(refusal("name: x\ncentre: weight-row\ntraining: 3\nsteps: []\nweights: {}\n"))
        .contains("training must be a mapping with the keys epochs, label-smoothing, nesterov");
    assertThat(refusal(GOOD.replace("1_000", "0")))
        .contains("training.epochs must be at least 1, got 0");
    assertThat(refusal(GOOD.replace("1_000", "")))
        .contains("a key without a value")
        .contains("r.yaml:4:10");
  }

  @Test
  void givesARecordsOwnRefusalItsPlace() {
    assertThat(refusal(GOOD.replace("1_000", "99")))
        .contains("r.yaml:4:3: 99 epochs don't go with nesterov");
  }

  @Test
  void refusesWhatIsNotARecipe() {
    assertThat(refusal("- a\n- b\n")).contains("must be a mapping");
    assertThat(refusal("a: [1\nb: 2\n")).contains("not well-formed YAML").contains("r.yaml:2");
    assertThat(refusal("a: 1\na: 2\n"))
        .contains("the key 'a' stands here a second time")
        .contains("r.yaml:2:1");
    assertThat(refusal("")).contains("missing key 'name'");
  }

  @Test
  void inheritsFromBasesTheLaterOverTheEarlier() throws IOException {
    Files.writeString(folder.resolve("root.yaml"), GOOD);
    Files.writeString(folder.resolve("long.yaml"), "training: {epochs: 300}\nsteps: [150]\n");
    Path file =
        Files.writeString(
            folder.resolve("mine.yaml"),
            "base: [root, long]\nname: mine\ntraining:\n  nesterov: false\n");

    Small small = Recipe.read(file).as(Small.class);

    assertThat(small.name()).isEqualTo("mine");
    assertThat(small.training()).isEqualTo(new Training(300, 0.1, false));
    assertThat(small.steps()).containsExactly(150);
  }

  @Test
  void printsFinalValuesWithTheirOriginsAndReadsThemAgain() throws IOException {
    Files.writeString(folder.resolve("root.yaml"), GOOD);
    Path file = Files.writeString(folder.resolve("mine.yaml"), "base: root\nname: 'a: b'\n");
    Recipe recipe = Recipe.read(file).with("training.epochs", 5, "--epochs");

    String resolved = recipe.resolved();

    assertThat(resolved.lines())
        .anyMatch(line -> line.matches("  epochs: 5 +# --epochs"))
        .anyMatch(line -> line.matches("name: \"a: b\" +# .*mine.yaml:2:7"))
        .anyMatch(line -> line.matches("centre: weight-row +# .*root.yaml:2:9"));
    assertThat(Recipe.parse("again", resolved).as(Small.class)).isEqualTo(recipe.as(Small.class));
  }

  record Loose(Map<String, Double> none, List<String> nobody, int last) {}

  @Test
  void emptyMappingsAndListsAreReadAgain() {
    Recipe recipe = Recipe.parse("r.yaml", "none: {}\nnobody: []\nlast: 1\n");
    assertThat(recipe.resolved()).containsPattern("none: \\{} +# r.yaml:1:7");
    assertThat(Recipe.parse("again", recipe.resolved()).as(Loose.class))
        .isEqualTo(new Loose(Map.of(), List.of(), 1));
  }

  @Test
  void namesTheOptionThatIsOutOfRange() {
    Recipe recipe = Recipe.parse("r.yaml", GOOD).with("training.epochs", 0, "--epochs");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> recipe.as(Small.class))
        .withMessageContaining("--epochs: training.epochs must be at least 1, got 0");
  }

  @Test
  void refusesAMissingBaseACircleAndAMissingFile() throws IOException {
    Path a = Files.writeString(folder.resolve("a.yaml"), "base: bee\n");
    Files.writeString(folder.resolve("been.yaml"), "base: a\n");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> Recipe.read(a))
        .satisfies(f ->
            assertThat(f.text())
                .contains("no base 'bee'; did you mean 'been'?")
                .contains("a.yaml:1:7")
                .contains("a, been"));

    Files.writeString(a, "base: been\n");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> Recipe.read(a))
        .satisfies(f ->
            assertThat(f.text())
                .contains("lead back to itself")
                .contains("a.yaml -> been.yaml -> a.yaml"));

    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> Recipe.read(folder.resolve("bean.yaml")))
        .satisfies(f ->
            assertThat(f.text())
                .contains("no such recipe; did you mean 'been'?")
                .contains("recipes in that folder: a, been"));
  }

  private static Small read(String text) {
    return Recipe.parse("r.yaml", text).as(Small.class);
  }

  private static String refusal(String text) {
    try {
      return "accepted: " + read(text);
    } catch (Failure refused) {
      return refused.text();
    }
  }
}
