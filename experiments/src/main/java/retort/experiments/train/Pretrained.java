package retort.experiments.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import retort.experiments.Failure;
import retort.nn.Cost;
import retort.nn.Import;
import retort.nn.LoadReport;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.io.ArrayFile;
import retort.nn.io.StoredArray;
import retort.tensor.Device;

/// A file that holds a trained backbone: a checkpoint of a training here, whose student it is, or
/// weights that were trained elsewhere.
public final class Pretrained {
  /// Begins every metadata key that this project's files carry.
  public static final String OURS = "retort.";

  private static final String STUDENT = "student.";

  private final Path file;
  private final ArrayFile arrays;
  private final Import.Layout layout;

  private Pretrained(Path file, ArrayFile arrays, Import.Layout layout) {
    this.file = file;
    this.arrays = arrays;
    this.layout = layout;
  }

  /// @param layout how convolutions are laid out, or null to tell by the file
  public static Pretrained read(Path file, Import.Layout layout) {
    try {
      ArrayFile all = ArrayFile.read(file);
      boolean ours = all.metadata().keySet().stream().anyMatch(key -> key.startsWith(OURS));
      ArrayFile student = all.under(STUDENT);
      Import.Layout own = ours ? Import.Layout.RETORT : Import.Layout.TORCH;
      return new Pretrained(
          file,
          student.arrays().isEmpty() ? all.stateDict() : student,
          layout == null ? own : layout);
    } catch (IOException e) {
      throw new Failure(
          e.getMessage(), file, "name a safetensors, PyTorch or numpy file that is whole", e);
    }
  }

  public static Pretrained read(Path file) {
    return read(file, null);
  }

  /// How many classes the net tells apart: the height of its last matrix, the classifier's.
  public int classes() {
    return shapeOf(2, "a classifier's matrix", true)[0];
  }

  /// Channels of the images it wants: those of the first convolution.
  public int channels() {
    return shapeOf(4, "a convolution", false)[layout == Import.Layout.TORCH ? 1 : 3];
  }

  private int[] shapeOf(int rank, String what, boolean last) {
    return arrays.arrays().values().stream()
        .map(StoredArray::shape)
        .filter(shape -> shape.length == rank)
        .reduce((a, b) -> last ? b : a)
        .orElseThrow(() ->
            new Failure(
                "the file holds no backbone: " + what + " is missing",
                file.toString(),
                "name a file of weights"));
  }

  /// Puts the numbers into a net of the right kind, and says what fitted.
  public LoadReport into(Device device, Backbone net) {
    return Import.into(Module.blank(device, net), arrays, layout);
  }

  /// The net with the file's numbers; a file that isn't wholly of this net is refused.
  public Backbone as(String model, Images images, Device device) {
    return as(model, images.backbone(model), device);
  }

  /// Refuses a file that isn't wholly of this net.
  public void check(String model, Images images) {
    Cost.macs(tape -> as(model, images, tape.device()));
  }

  /// [#as(String, Images, Device)] of a net that is on no device yet.
  public Backbone as(String model, Backbone net, Device device) {
    LoadReport report = into(device, net);
    if (report.isComplete()) return net;
    throw new Failure(
        "a checkpoint of another model than " + model + ": " + report,
        file.toString(),
        "name the model it was trained as, and the data with its number of classes");
  }

  /// The teacher of a recipe; where it isn't there, says how to make it.
  ///
  /// @param recipe what trains it
  public static Pretrained teacher(Path file, String recipe) {
    if (Files.exists(file)) return read(file);
    Path folder = file.getParent();
    throw new Failure(
        "there is no teacher yet",
        file.toString(),
        "train it: ./retort train " + recipe + (folder == null ? "" : " --out " + folder));
  }
}
