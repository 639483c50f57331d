package retort.experiments.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import retort.experiments.Failure;
import retort.experiments.run.Outcome;
import retort.experiments.run.RunFolder;
import retort.experiments.run.RunLog;
import retort.experiments.terminal.Progress;
import retort.gendd.Distiller;
import retort.gendd.Labels;
import retort.gendd.Step;
import retort.gendd.StepDraws;
import retort.nn.Checkpoint;
import retort.nn.Evaluation;
import retort.nn.Weights;
import retort.nn.data.Batch;
import retort.nn.data.Batches;
import retort.nn.data.Loader;
import retort.nn.data.Mix;
import retort.nn.data.Samples;
import retort.nn.optim.AdamW;
import retort.nn.optim.Optimiser;
import retort.nn.optim.Schedule;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;

/// Trains one distiller and leaves `NAME.safetensors` in the run folder: after every epoch, when it
/// is interrupted, and at the end; and `NAME-best.safetensors`, the weights after the epoch that
/// was best on the validation images. A training that is started again goes on from there, to the
/// bit, since all that is drawn depends on (seed, epoch, step) alone; a finished one is only read.
public final class Trainer {
  /// Validation and test batches: large enough to keep the cores busy, small enough for any memory.
  static final int EVALUATION_BATCH = 250;

  private static final String CURVE = "curve", EPOCHS = "epochs";

  private final RunFolder folder;
  private final Function<Training, Samples> training;
  private final Function<Training, Mix> mix;
  private final Function<Training, Samples> validation;
  private final long seed;
  private final Progress progress;
  private final BooleanSupplier stop;
  private final RunLog log;

  public Trainer(
      RunFolder folder,
      Images images,
      long seed,
      Progress progress,
      BooleanSupplier stop,
      RunLog log) {
    this(
        folder,
        how -> images.views(how.look(), seed),
        how -> images.mix(how, seed),
        how -> images.plain(images.validation(), how.look()),
        seed,
        progress,
        stop,
        log);
  }

  /// A trainer on whatever can be batched, such as cached features.
  public Trainer(
      RunFolder folder,
      Samples training,
      Samples validation,
      long seed,
      Progress progress,
      BooleanSupplier stop,
      RunLog log) {
    this(folder, how -> training, how -> Mix.NONE, how -> validation, seed, progress, stop, log);
  }

  private Trainer(
      RunFolder folder,
      Function<Training, Samples> training,
      Function<Training, Mix> mix,
      Function<Training, Samples> validation,
      long seed,
      Progress progress,
      BooleanSupplier stop,
      RunLog log) {
    this.folder = folder;
    this.training = training;
    this.mix = mix;
    this.validation = validation;
    this.seed = seed;
    this.progress = progress;
    this.stop = stop;
    this.log = log;
  }

  /// Ctrl-C was pressed, and everything is saved.
  public static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Interrupted(Path checkpoint) {
      super("stopped; saved in " + checkpoint);
    }
  }

  /// Trains from the beginning or from what the folder holds, up to the last epoch.
  ///
  /// @param name what the log, the files and the progress line call it
  public Curve train(String name, Distiller distiller, Training how) {
    Path file = checkpoint(name);
    Loader loader =
        new Loader(training.apply(how), how.order(seed), how.batch(), true, mix.apply(how));
    Optimiser optimiser = how.optimiser(distiller, distiller.groups(how.weightDecay()));
    Curve curve = new Curve();
    Checkpoint at = new Checkpoint(0, 0, seed, Map.of());
    if (Files.exists(file)) {
      at = resume(file, distiller, optimiser, how);
      curve = Curve.restore(at.metadata().get(CURVE));
    }
    if (at.epoch() >= how.epochs()) return curve; // finished earlier
    int goOn = at.epoch(), perEpoch = loader.stepsPerEpoch();
    log.keep(e -> !e.path("training").asString().equals(name) || e.path("epoch").asInt() < goOn);
    progress.begin(name, at.epoch(), how.epochs(), (long) perEpoch * how.batch());
    Session session = new Session(name, distiller, how, loader, optimiser, curve);
    for (int epoch = at.epoch(), step = at.step(); epoch < how.epochs(); epoch++, step = 0) {
      session.epoch(epoch, step);
    }
    double last = curve.epochs().getLast().validation();
    progress.end(
        String.format(Locale.ROOT, "%d epochs, validation %.1f %%", how.epochs(), 100 * last));
    return curve;
  }

  /// Where a training of this name is kept.
  public Path checkpoint(String name) {
    return folder.file(name + ".safetensors");
  }

  /// Does something with the weights of the best epoch, and then puts those of the last one back.
  <R> R atBest(String name, Distiller trained, Supplier<R> task) {
    load(best(name), trained);
    try {
      return task.get();
    } finally {
      load(checkpoint(name), trained);
    }
  }

  /// Where the weights of its best epoch are.
  public Path best(String name) {
    return checkpoint(name + "-best");
  }

  private static void load(Path file, Distiller into) {
    try {
      Weights.load(file, into);
    } catch (IOException e) {
      throw new Failure(e.getMessage(), file, "start anew with another --out", e);
    }
  }

  private Checkpoint resume(Path file, Distiller distiller, Optimiser optimiser, Training how) {
    try {
      Checkpoint at = Checkpoint.resume(file, distiller, optimiser);
      String epochs = at.metadata().get(EPOCHS);
      if (at.seed() != seed || !Integer.toString(how.epochs()).equals(epochs)) {
        throw new Failure(
            "the checkpoint is of another run: seed "
                + at.seed()
                + " and "
                + epochs
                + " epochs, asked for seed "
                + seed
                + " and "
                + how.epochs()
                + " epochs",
            file.toString(),
            "resume with the run's own options, or start anew with another --out");
      }
      return at;
    } catch (IOException e) {
      throw new Failure(
          e.getMessage(), file, "resume with the run's own options, or start anew elsewhere", e);
    }
  }

  /// One training on its way.
  private final class Session {
    private final String name;
    private final Distiller distiller;
    private final Training how;
    private final Loader loader;
    private final Optimiser optimiser;
    private final Schedule rates, beta2s;
    private final Curve curve;
    private final Device device;
    private final Samples watched;

    Session(
        String name,
        Distiller distiller,
        Training how,
        Loader loader,
        Optimiser optimiser,
        Curve curve) {
      this.name = name;
      this.distiller = distiller;
      this.how = how;
      this.loader = loader;
      this.optimiser = optimiser;
      this.curve = curve;
      rates = how.rates(loader.stepsPerEpoch());
      beta2s = how.beta2s(loader.stepsPerEpoch());
      device = distiller.device();
      watched = validation.apply(how);
    }

    void epoch(int epoch, int firstStep) {
      distiller.train();
      long began = System.nanoTime();
      try (Batches batches = loader.epoch(epoch, firstStep);
          var losses = new UnreadLosses(device, (step, values) -> took(epoch, step, values))) {
        for (Batch batch : batches) {
          step(batch, epoch, losses);
          progress.step(epoch, (long) (batch.step() + 1) * how.batch(), losses::read);
          if (stop.getAsBoolean()) {
            losses.read();
            curve.took((System.nanoTime() - began) / 1e9);
            save(epoch, batch.step() + 1);
            throw new Interrupted(checkpoint(name));
          }
        }
        losses.read();
      }
      curve.took((System.nanoTime() - began) / 1e9);
      report(curve.end(epoch, validate()));
      if (curve.best() == epoch) saveBest();
      save(epoch + 1, 0);
    }

    /// Before the checkpoint: a training that is killed between the two does the epoch again.
    private void saveBest() {
      try {
        Weights.save(best(name), distiller, Map.of(Pretrained.OURS + "model", name));
      } catch (IOException e) {
        throw RunFolder.unwritable(best(name), e);
      }
    }

    private void step(Batch batch, int epoch, UnreadLosses losses) {
      long step = (long) epoch * loader.stepsPerEpoch() + batch.step();
      Samples seen = loader.samples();
      Shape shape = Shape.of(batch.size(), seen.height(), seen.width(), seen.channels());
      distiller.student().dropPath(how.dropPath().orElse(0.0), seed, step);
      Tape.train(
          device,
          tape -> {
            var input = tape.inputFrom(shape, batch.images);
            Labels labels = labels(tape, batch);
            var draws = new StepDraws(seed, step);
            losses.add(
                batch.step(),
                distiller.backward(new Step(input, labels, batch.indices, epoch, draws)));
            return null;
          });
      if (optimiser instanceof AdamW adam) adam.beta2(beta2s.at(epoch, batch.step()));
      optimiser.step(rates.at(epoch, batch.step()));
      optimiser.zeroGrad();
    }

    /// The losses of a step, which may be some steps ago: nothing has been saved since.
    private void took(int epoch, int step, Map<String, Double> losses) {
      double total = losses.values().stream().mapToDouble(v -> v).sum();
      losses.put(Curve.TOTAL, total);
      checkFinite(losses, epoch, step);
      curve.step(losses);
      progress.loss(total);
    }

    private Labels labels(Tape tape, Batch batch) {
      Shape rows = Shape.of(batch.size(), loader.samples().classes());
      return how.labels(
          batch.labels, batch.targets == null ? null : tape.inputFrom(rows, batch.targets));
    }

    private void checkFinite(Map<String, Double> losses, int epoch, int step) {
      if (losses.values().stream().allMatch(Double::isFinite)) return;
      boolean saved = Files.exists(checkpoint(name));
      throw new Failure(
          "the loss is no longer a number in epoch "
              + (epoch + 1)
              + ", step "
              + (step + 1)
              + " of "
              + name
              + ": "
              + losses,
          checkpoint(name)
              + (saved ? " holds the training as it was before" : " was not written yet"),
          "lower the learning rate (it is " + rates.at(epoch, step) + " there)");
    }

    private double validate() {
      Distiller.Classifier classifier = distiller.classifiers().firstEntry().getValue();
      return distiller.evaluating(() ->
          Evaluation.of(
                  device,
                  watched,
                  EVALUATION_BATCH,
                  x -> classifier.logits(x, new StepDraws(seed, 0)))
              .accuracy());
    }

    private void report(Outcome.Epoch done) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("training", name);
      line.put("epoch", done.epoch());
      line.putAll(done.losses());
      line.put("validation", done.validation());
      line.put("imagesPerSecond", loader.stepsPerEpoch() * how.batch() / done.seconds());
      log.append(line);
    }

    private void save(int epoch, int step) {
      Map<String, String> metadata =
          Map.of(CURVE, curve.save(), EPOCHS, Integer.toString(how.epochs()));
      try {
        new Checkpoint(epoch, step, seed, metadata).save(checkpoint(name), distiller, optimiser);
      } catch (IOException e) {
        throw RunFolder.unwritable(checkpoint(name), e);
      }
    }
  }
}
