package retort.experiments.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import retort.experiments.DeviceOptions;
import retort.experiments.run.Accuracy;
import retort.experiments.terminal.Progress;
import retort.experiments.terminal.Table;
import retort.experiments.train.Images;
import retort.experiments.train.Pretrained;
import retort.nn.Cost;
import retort.nn.Evaluation;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.data.Dataset;
import retort.nn.data.Normalisation;
import retort.nn.data.Views;
import retort.tensor.Device;
import retort.tensor.Shape;

/// How well a file of weights classifies test images: a checkpoint of `train` or `distill` (there
/// the student's own classifier), or weights trained elsewhere.
@Command(
    name = "evaluate",
    description = {
      "Tests a checkpoint, made here or elsewhere, on the test images of some data.",
      "Example: retort evaluate runs/train-1/resnet20.safetensors --model resnet20"
    })
public final class Evaluate implements Callable<Integer> {
  /// Large enough to keep the cores busy, small enough for any memory.
  private static final int BATCH = 250;

  /// What images are normalised with.
  enum Statistics {
    DATA,
    IMAGENET
  }

  @Mixin private WeightsOptions weights;
  @Mixin private DeviceOptions devices;

  @Option(
      names = "--data",
      defaultValue = Images.EMBEDDED,
      paramLabel = "PATH",
      description = {
        "'embedded' (the default), a CIFAR-10 or CIFAR-100 archive or folder, a bare file of CIFAR",
        "records (.bin), or a folder of idx files."
      })
  private String data;

  @Option(
      names = "--normalise",
      defaultValue = "data",
      paramLabel = "NAME",
      description = {
        "Mean and deviation of pixels: data (the default, the training images' own) or imagenet."
      })
  private Statistics statistics;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Backbones.Entry entry = weights.entry();
    Pretrained read = weights.read();
    Dataset asGiven = Images.test(data);
    Dataset test =
        statistics == Statistics.IMAGENET
            ? asGiven.normalisedBy(Normalisation.imageNet())
            : asGiven;
    Device device = devices.open(command);
    int channels = test.channels(), classes = test.classes().size();
    Backbone net = read.as(entry.name(), entry.make(channels, classes), device);
    Progress progress = Progress.to(command.commandLine().getErr());
    progress.begin("testing " + entry.name(), test.size());
    Evaluation e =
        net.evaluating(() ->
            Evaluation.of(
                device,
                Views.plain(test),
                BATCH,
                x -> {
                  progress.add(x.shape().at(0));
                  return net.apply(x);
                }));
    progress.done();
    Shape one = Shape.of(1, test.height(), test.width(), channels);
    Cost cost = Cost.of(entry.make(channels, classes), one);
    command
        .commandLine()
        .getOut()
        .println(
            new Table("model", "images", "right", "accuracy [95 %]", "top 5", "loss", "MACs/image")
                .row(
                    entry.name(),
                    e.total(),
                    e.correct(),
                    Accuracy.of(e.correct(), e.total()),
                    String.format(Locale.ROOT, "%.1f %%", 100.0 * e.top5() / e.total()),
                    String.format(Locale.ROOT, "%.4f", e.loss()),
                    String.format(Locale.ROOT, "%,d", cost.macs())));
    return 0;
  }
}
