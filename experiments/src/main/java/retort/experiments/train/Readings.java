package retort.experiments.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import retort.experiments.run.Accuracy;
import retort.experiments.run.Outcome.Reading;
import retort.experiments.terminal.Progress;
import retort.gendd.Distiller;
import retort.gendd.StepDraws;
import retort.gendd.methods.LinearProbe;
import retort.nn.Cost;
import retort.nn.Evaluation;
import retort.nn.backbone.Backbone;
import retort.nn.data.ShotAccuracy;
import retort.nn.data.Subset;
import retort.tensor.Device;
import retort.tensor.Tape;

/// Asks a trained distiller about the test images in every way it can be asked, and what each way
/// costs at inference.
///
/// The cost of an image is counted, not estimated: a second distiller of the same make is run on a
/// device that only counts.
public final class Readings {
  private final Images images;
  private final Device device;
  private final long seed;
  private final Progress progress;

  public Readings(Images images, Device device, long seed, Progress progress) {
    this.images = images;
    this.device = device;
    this.seed = seed;
    this.progress = progress;
  }

  /// @param trained what the progress line calls it
  /// @param how it was trained, which may say how test images are looked at
  /// @param again makes a distiller of the same kind, on the device it is given
  public List<Reading> of(
      String trained, Distiller distiller, Training how, Function<Device, Distiller> again) {
    List<Reading> all = new ArrayList<>();
    long ways = distiller.classifiers().size();
    progress.begin("testing " + trained, ways * images.test().size());
    distiller
        .classifiers()
        .forEach((name, classifier) -> {
          Evaluation e =
              distiller.evaluating(() ->
                  Evaluation.of(
                      device,
                      images.plain(images.test(), how.look()),
                      Trainer.EVALUATION_BATCH,
                      x -> {
                        progress.add(x.shape().at(0));
                        return classifier.logits(x, new StepDraws(seed, 0));
                      }));
          Accuracy accuracy = Accuracy.of(e.correct(), e.total());
          double top5 = (double) e.top5() / e.total();
          long macs =
              Cost.macs(
                  tape -> again.apply(tape.device()), (tape, shadow) -> ask(tape, shadow, name));
          all.add(new Reading(name, accuracy, top5, shots(e), parameters(distiller, name), macs));
        });
    progress.done();
    return all;
  }

  /// Empty where all classes have about as many training images.
  private Map<String, Double> shots(Evaluation e) {
    int[] labels = Subset.labels(images.test());
    ShotAccuracy by = ShotAccuracy.of(labels, e.predicted(), images.shots());
    Map<String, Double> shots = new LinkedHashMap<>();
    shots.put("many", by.many());
    shots.put("medium", by.medium());
    shots.put("few", by.few());
    shots.values().removeIf(value -> Double.isNaN(value));
    return shots.size() > 1 ? shots : Map.of();
  }

  private void ask(Tape tape, Distiller shadow, String classifier) {
    shadow.eval();
    var one = tape.fill(images.batch(1), 0);
    shadow.classifiers().get(classifier).logits(one, new StepDraws(seed, 0));
  }

  /// What an answer needs: a net like the student, or its body, whatever the method adds and the
  /// teacher's classifier.
  private static long parameters(Distiller distiller, String classifier) {
    Backbone student = distiller.student();
    if (classifier.equals("student") || distiller instanceof LinearProbe) {
      return student.parameterCount();
    }
    return distiller.parameterCount()
        - student.classifier().parameterCount()
        + distiller.teacher().net().classifier().parameterCount();
  }
}
