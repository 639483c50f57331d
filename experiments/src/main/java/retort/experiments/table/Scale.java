package retort.experiments.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import retort.experiments.recipe.Recipe;
import retort.experiments.train.Training;

/// How much of a row is run. Each scale changes the same things by one rule; what it changed names
/// the scale as its origin in the resolved recipe.
public enum Scale {
  TINY(5, 2, 0.2, 0, 16, 128, 2, 8),
  SMALL(50, 20, 0.1, 0.1, 64, 256, 4, 32),
  PAPER(0, 0, 0, 1, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  private final int perClass;
  private final int testPerClass;
  private final double validation;
  private final double epochs;
  private final int batch;
  private final int width;
  private final int draws;
  private final int steps;

  Scale(
      int perClass,
      int testPerClass,
      double validation,
      double epochs,
      int batch,
      int width,
      int draws,
      int steps) {
    this.perClass = perClass;
    this.testPerClass = testPerClass;
    this.validation = validation;
    this.epochs = epochs;
    this.batch = batch;
    this.width = width;
    this.draws = draws;
    this.steps = steps;
  }

  /// What help and tables say of it.
  public String rule() {
    if (this == PAPER) return "paper: the recipes as they are";
    return String.format(
        Locale.ROOT,
        "%s: the first %d training images of each class (of long-tailed ones that many of the"
            + " largest, the others in proportion; %.0f %% of them held out), the first %d"
            + " test images; %s of each training, batches of at most %d with the rate in"
            + " proportion; GenDD's head at most %d wide, %d draws, %d sampling steps; the teacher"
            + " is trained here",
        this,
        perClass,
        100 * validation,
        testPerClass,
        epochs == 0
            ? "one epoch"
            : String.format(Locale.ROOT, "%.0f %% of the epochs", 100 * epochs),
        batch,
        width,
        draws,
        steps);
  }

  /// Whether teachers come from published weights, where the recipe names some.
  public boolean takesGivenTeachers() {
    return this == PAPER;
  }

  /// A row's recipe at this scale.
  ///
  /// @param given epochs of every training instead, or null
  public Recipe of(Recipe recipe, Integer given) {
    Row row = recipe.as(Row.class);
    String option = "--scale " + this;
    Recipe scaled = recipe;
    if (this != PAPER) {
      scaled = scaled.with("data.per-class", perClass, option);
      scaled = scaled.with("data.test-per-class", testPerClass, option);
      scaled = scaled.with("data.validation", validation, option);
      for (var e : Map.of("width", width, "draws", draws, "steps", steps).entrySet()) {
        Double now = row.options().getOrDefault("gendd", Map.of()).get(e.getKey());
        if (now != null && now > e.getValue()) {
          scaled = scaled.with("options.gendd." + e.getKey(), e.getValue(), option);
        }
      }
    }
    for (var e : trainings(row).entrySet()) {
      scaled = shrink(scaled, e.getKey(), e.getValue(), given, option);
    }
    return scaled;
  }

  private static Map<String, Training> trainings(Row row) {
    Map<String, Training> all = new LinkedHashMap<>();
    all.put("teaching", row.teaching());
    all.put("classic", row.classic());
    all.put("first-stage", row.firstStage());
    all.put("generative", row.generative());
    all.put("probe", row.probe());
    row.others().orElse(Map.of()).forEach((name, t) -> all.put("others." + name, t));
    return all;
  }

  private Recipe shrink(Recipe recipe, String section, Training t, Integer given, String option) {
    Recipe r = recipe;
    if (t.batch() > batch) {
      r = r.with(section + ".batch", batch, option);
      r = r.with(section + ".rate", t.rate() * batch / t.batch(), option);
    }
    int wanted = given != null ? given : Math.max(1, (int) Math.round(epochs * t.epochs()));
    if (wanted == t.epochs() || t.epochs() == 0) return r;
    String why = given != null ? "--epochs" : option;
    double share = (double) wanted / Math.max(1, t.epochs());
    r = r.with(section + ".epochs", wanted, why);
    r = r.with(section + ".warm-up", (int) (share * t.warmUp()), why);
    List<Long> milestones =
        t.milestones().stream().map(m -> Math.round(share * m)).filter(m -> m > 0).toList();
    return r.with(section + ".milestones", milestones, why);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
