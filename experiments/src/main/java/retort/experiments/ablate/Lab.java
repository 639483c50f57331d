package retort.experiments.ablate;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import retort.experiments.ablate.Cell.Group;
import retort.experiments.report.Page;
import retort.experiments.run.Json;
import retort.experiments.run.Manifest;
import retort.experiments.run.RunFolder;
import retort.experiments.run.RunLog;
import retort.experiments.terminal.Progress;
import retort.experiments.terminal.Table;
import retort.experiments.train.Curve;
import retort.experiments.train.Images;
import retort.experiments.train.Run;
import retort.experiments.train.Trainer;
import retort.experiments.train.Training;
import retort.gendd.Distiller;
import retort.gendd.StepDraws;
import retort.gendd.generative.Centres;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.gendd.methods.LinearProbe;
import retort.nn.Evaluation;
import retort.nn.Module;
import tools.jackson.databind.JsonNode;

/// Trains the cells of an ablation one after the other. A cell that ended leaves its numbers in
/// `cells.jsonl` and no checkpoint; a run that goes on skips it and continues the one it was in.
final class Lab implements AutoCloseable {
  private final Run run;
  private final Images images;
  private final long seed;
  private final Manifest manifest;
  private final RunLog log, done;
  private final List<Cell> cells = new ArrayList<>();
  private Ground ground;

  Lab(Run run, Images images, long seed, Record plan) {
    this.run = run;
    this.images = images;
    this.seed = seed;
    manifest =
        Manifest.of(run.command(), plan, seed, images.name(), images.hash(), run.device().name())
            .settle(run.folder());
    log = run.folder().log();
    done = run.folder().log("cells.jsonl");
  }

  /// The nets, trained first where they aren't there yet.
  Ground ground(Pair pair) {
    if (ground == null) ground = Ground.prepare(run, images, pair, seed, log);
    return ground;
  }

  /// A training and its examination.
  ///
  /// @param name of the cell, without its seed
  /// @param make the distiller, on no device yet but for its nets
  /// @param ask the trained one
  <D extends Distiller> Cell cell(
      Map<String, String> varied,
      long cellSeed,
      Training how,
      Supplier<D> make,
      Function<D, List<Answer>> ask) {
    Cell before = finished(varied, cellSeed);
    if (before == null) {
      String name = String.join("-", varied.values()) + "-seed" + cellSeed;
      Trainer trainer = trainer(cellSeed);
      D distiller = Module.on(run.device(), cellSeed, make.get());
      Curve curve = trainer.train(name, distiller, how);
      Map<String, Double> losses = how.epochs() == 0 ? Map.of() : curve.epochs().getLast().losses();
      before = new Cell(varied, cellSeed, losses, ask.apply(distiller), curve.totalSeconds());
      done.append(before);
      forget(trainer, name);
    }
    cells.add(before);
    return before;
  }

  /// On the samples of the ground.
  Trainer trainer(long itsSeed) {
    return new Trainer(
        run.folder(),
        ground.train(),
        ground.validation(),
        itsSeed,
        run.progress(),
        run.stop(),
        log);
  }

  /// A cell of GenDD, asked for its own classifier's answers and for generated ones.
  ///
  /// @param centres null for those of the options
  /// @param counts see [Exam]
  Cell gendd(
      Map<String, String> varied,
      long cellSeed,
      Training how,
      GenDDOptions options,
      Centres centres,
      List<Way> ways,
      int[] counts) {
    return cell(
        varied,
        cellSeed,
        how,
        () ->
            new GenDD(
                ground.student(cellSeed),
                ground.teacher(),
                options,
                centres == null ? ground.centres(options.centre()) : centres),
        trained -> examine(trained, cellSeed, ways, counts));
  }

  List<Answer> examine(GenDD trained, long cellSeed, List<Way> ways, int[] counts) {
    long body = ground.macs(ground.pair().student());
    Progress progress = run.progress();
    progress.begin("testing", (long) ways.size() * ground.test().size());
    var exam = new Exam(trained, ground.test(), body, counts, cellSeed, progress);
    List<Answer> answers = new ArrayList<>();
    answers.add(exam.own("own classifier"));
    answers.add(exam.targets());
    for (Way way : ways) answers.add(exam.generated(way));
    progress.done();
    return answers;
  }

  /// Answers that generate nothing, as cells of their own: the teacher, the body through the
  /// classifier it was schooled with, and a fresh linear probe of it, by seed.
  void baselines(Training probing, long firstSeed, int seeds) {
    Ground g = ground;
    direct("teacher", g::teacherAccuracy, g.macs(g.pair().teacher()));
    direct("schooling", g::schoolAccuracy, g.macs(g.pair().student()));
    for (int i = 0; i < seeds; i++) {
      long s = firstSeed + i;
      cell(
          varied("predicts", "linear probe"),
          s,
          probing,
          () -> new LinearProbe(g.student(s), null, 1),
          p -> classified(p, s));
    }
  }

  /// Every classifier of a distiller on the test samples.
  List<Answer> classified(Distiller d, long cellSeed) {
    long macs = ground.macs(ground.pair().student());
    List<Answer> answers = new ArrayList<>();
    d.classifiers()
        .forEach((by, classifier) -> {
          Evaluation e =
              d.evaluating(() ->
                  Evaluation.of(
                      run.device(),
                      ground.test(),
                      Features.BATCH,
                      x -> classifier.logits(x, new StepDraws(cellSeed, 0))));
          answers.add(Answer.direct(by, e.accuracy(), macs, List.of()));
        });
    return answers;
  }

  private void direct(String name, DoubleSupplier accuracy, long macs) {
    Map<String, String> varied = varied("predicts", name);
    Cell before = finished(varied, seed);
    if (before == null) {
      var answer = Answer.direct(name, accuracy.getAsDouble(), macs, List.of());
      before = new Cell(varied, seed, Map.of(), List.of(answer), 0);
      done.append(before);
    }
    cells.add(before);
  }

  private Cell finished(Map<String, String> varied, long cellSeed) {
    for (JsonNode entry : done.entries()) {
      Cell cell = Json.parse(entry.toString(), Cell.class);
      if (cell.varied().equals(varied) && cell.seed() == cellSeed) return cell;
    }
    return null;
  }

  private static void forget(Trainer trainer, String name) {
    try {
      Files.deleteIfExists(trainer.checkpoint(name));
      Files.deleteIfExists(trainer.best(name));
    } catch (IOException e) {
      throw RunFolder.unwritable(trainer.checkpoint(name), e);
    }
  }

  /// What `results.json` holds: where the numbers come from, what they say, and every cell.
  record Results(Manifest manifest, List<String> findings, List<Cell> cells) {}

  /// The cells so far, those that differ in their seed alone together.
  List<Group> groups() {
    return Cell.groups(cells);
  }

  /// Writes `results.json`, `report.html` and its figures as files, and shows the table and the
  /// findings.
  void finish(Page page, Table table, List<String> findings) {
    publish(new Results(manifest, findings, List.copyOf(cells)), page, table, findings);
  }

  Manifest manifest() {
    return manifest;
  }

  /// [#finish] of results of another make.
  void publish(Record results, Page page, Table table, List<String> findings) {
    run.folder().writeResults(results);
    page.folded("Recipe", run.recipe()).folded("Manifest", Json.pretty(manifest));
    run.folder().write("report.html", page.html());
    List<String> figures = page.figures();
    for (int i = 0; i < figures.size(); i++)
      run.folder().write("figure-" + (i + 1) + ".svg", figures.get(i));
    run.out().println();
    run.out().println(table);
    findings.forEach(run.out()::println);
    run.out().println(run.folder().file("results.json") + ", " + run.folder().file("report.html"));
  }

  /// A spread ratio as tables show it: `0.97`, `2.8e+03`.
  static String ratio(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.1e", value);
  }

  /// What a reader must know of the scale.
  static String caveat(Pair pair, int seeds) {
    String body =
        pair.body() == Pair.Body.FROZEN
            ? "The student's body stands still: it was schooled once by "
                + pair.schooling().method()
                + ", its features and the teacher's were computed once from images as they are, and"
                + " only heads (and the student's own classifier) were trained. The paper's student"
                + " learns through the head."
            : "The student's body was schooled once by "
                + pair.schooling().method()
                + " and then learnt on in every training.";
    return body
        + " The intervals are Student's t over "
        + seeds
        + " seeds of what was compared; teacher and schooled student are the same in all.";
  }

  /// One varied thing after the other, in order.
  static Map<String, String> varied(Object... namesAndValues) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2)
      all.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
    return all;
  }

  @Override
  public void close() {
    log.close();
    done.close();
  }
}
