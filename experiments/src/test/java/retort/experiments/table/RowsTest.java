package retort.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import retort.experiments.Failure;
import retort.experiments.recipe.Recipe;
import retort.experiments.recipe.RecipeFolder;
import retort.experiments.train.Training;
import retort.gendd.methods.Methods;
import retort.nn.backbone.Backbones;

class RowsTest {
  private static Stream<String> rows() {
    return Tables.read().tables().values().stream().flatMap(t -> t.rows().stream()).distinct();
  }

  private static Row row(String name) {
    return RecipeFolder.read(name).as(Row.class);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyRowIsWholeAndFitsEveryScale(String name) {
    Row row = row(name);
    Backbones.named(row.student());
    Backbones.named(row.teacher().model());
    assertThat(row.paper().source()).isNotBlank();
    assertThat(row.paper().top1().keySet())
        .isSubsetOf(withTeacher(row.methods()))
        .allSatisfy(method -> assertThat(row.paper().top1().get(method)).isBetween(40.0, 90.0));
    row.methods().forEach(m -> row.curriculum().lesson(m));
    for (Scale scale : Scale.values()) {
      Row scaled = scale.of(RecipeFolder.read(name), null).as(Row.class);
      row.methods().forEach(m -> checkOptions(scaled, m));
      assertThat(scaled.generative().warmUp()).isLessThan(scaled.generative().epochs());
    }
  }

  private static List<String> withTeacher(List<String> methods) {
    List<String> all = new ArrayList<>(methods);
    all.add("teacher");
    return all;
  }

  private static void checkOptions(Row row, String method) {
    var numbers = Methods.named(method).options(row.teacher().model(), row.student());
    row.curriculum().lesson(method).options().forEach((k, v) -> numbers.with(k, v));
  }

  @Test
  void everyFileOfARowBelongsToATable() {
    assertThat(rows()).containsExactlyInAnyOrderElementsOf(RecipeFolder.rows());
  }

  @Test
  void aRowInheritsAndSaysWhereFrom() {
    Row row = row("table5/r8x4");
    assertThat(row.options().get("gendd"))
        .containsEntry("lambda", 0.7)
        .containsEntry("draws", 30.0);
    assertThat(row.generative().schedule()).isEqualTo(Training.Shape.STEPS_AFTER_WARM_UP);
    assertThat(row.paper().top1()).containsEntry("gendd", 77.47).containsEntry("teacher", 79.42);
    String resolved = Scale.TINY.of(RecipeFolder.read("table5/r8x4"), 3).resolved();
    assertThat(resolved)
        .containsPattern("lambda: 0.7 +# .*table5.r8x4.yaml:\\d+")
        .containsPattern("token: 64 +# .*base.row.yaml:\\d+")
        .containsPattern("width: 128 +# --scale tiny")
        .containsPattern("epochs: 3 +# --epochs");
  }

  /// The published commands of github.com/Hao840/vanillaKD, readme.md.
  @Test
  void theStrongBaselinesTrainAsPublishedAndGenddAsItsAuthors() {
    for (String name : List.of("table3/r50-beit-large-a2", "table3/r50-beit-large-a1")) {
      boolean a1 = name.endsWith("a1");
      Row row = row(name);
      Training t = row.classic();
      assertThat(t.optimiser()).isEqualTo(Training.Kind.LAMB);
      assertThat(t.rate()).isEqualTo(5e-3);
      assertThat(t.batch()).isEqualTo(2048);
      assertThat(t.epochs()).isEqualTo(a1 ? 600 : 300);
      assertThat(t.weightDecay()).isEqualTo(a1 ? 0.01 : 0.02);
      assertThat(t.labelSmoothing()).isEqualTo(a1 ? 0.1 : 0);
      assertThat(t.schedule()).isEqualTo(Training.Shape.TIMM_COSINE);
      assertThat(t.warmUp()).isEqualTo(5);
      assertThat(t.loss()).contains(Training.LabelLoss.BINARY_CROSS_ENTROPY);
      assertThat(t.repeats()).contains(3);
      assertThat(t.dropPath()).contains(0.05);
      assertThat(t.decayVectors()).contains(false);
      var look = t.look().orElseThrow();
      assertThat(look.cropFrom()).contains(0.08);
      assertThat(look.jitter()).contains(0.0);
      assertThat(look.resize()).contains(235);
      Training crd = row.others().orElseThrow().get("crd");
      assertThat(crd.loss()).contains(Training.LabelLoss.CROSS_ENTROPY);
      assertThat(crd.epochs()).isEqualTo(t.epochs());

      Training gendd = row.generative();
      assertThat(gendd.optimiser()).isEqualTo(Training.Kind.ADAMW);
      assertThat(gendd.rate()).isEqualTo(2e-3);
      assertThat(gendd.batch()).isEqualTo(512);
      assertThat(gendd.repeats()).isEmpty();
      assertThat(gendd.look().orElseThrow().cropFrom()).contains(0.6);
      assertThat(row.data().photographs().orElseThrow().jitter()).isEqualTo(0.4);
      assertThat(row.data().photographs().orElseThrow().resize()).isEqualTo(256);
      assertThat(row.curriculum().lesson("kd-control").training()).isEqualTo(gendd);
    }
  }

  @Test
  void theScalesShrinkByTheirRule() {
    Recipe recipe = RecipeFolder.read("table3/mbv1");
    Row tiny = Scale.TINY.of(recipe, null).as(Row.class);
    assertThat(tiny.data().perClass()).isEqualTo(5);
    assertThat(tiny.classic().epochs()).isEqualTo(1);
    assertThat(tiny.classic().batch()).isEqualTo(16);
    assertThat(tiny.classic().rate()).isEqualTo(0.2 * 16 / 512);
    assertThat(tiny.others().orElseThrow().get("ofd").rate()).isEqualTo(0.05 * 16 / 128);
    Row small = Scale.SMALL.of(recipe, null).as(Row.class);
    assertThat(small.teaching().milestones()).containsExactly(3, 6, 9);
    assertThat(small.generative().warmUp()).isEqualTo(2);
    assertThat(Scale.PAPER.of(recipe, null).resolved()).isEqualTo(recipe.resolved());
    assertThat(Scale.TINY.rule()).contains("first 5 training images", "one epoch", "at most 16");
    assertThat(Scale.SMALL.rule()).contains("10 % of the epochs");
  }

  @Test
  void anUnknownTableOrRowIsRefused() {
    Tables tables = Tables.read();
    assertThat(tables.named("5").rows(List.of("r8x4", "table5/wrn16-2")))
        .containsExactly("table5/r8x4", "table5/wrn16-2");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> tables.named("5").rows(List.of("r8x5")))
        .satisfies(f ->
            assertThat(f.text())
                .contains("the table has no row 'r8x5'; did you mean 'r8x4'?")
                .contains("name some of r20, r32, r8x4"));
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> tables.named("7"))
        .satisfies(f -> assertThat(f.text()).contains("no table '7'", "name one of 3, 4, 5"));
  }
}
