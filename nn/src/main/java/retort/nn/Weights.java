package retort.nn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import retort.nn.io.ArrayFile;
import retort.nn.io.Safetensors;
import retort.nn.io.StoredArray;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// A module's parameters and buffers in a safetensors file, each under its path. Writing is atomic;
/// loading checks every name and shape before it changes a value.
public final class Weights {
  private Weights() {}

  /// @param metadata free; a `"model"` entry names what it is in refusals
  public static void save(Path file, Module module, Map<String, String> metadata)
      throws IOException {
    Safetensors.write(file, arrays(module), metadata);
  }

  /// A module's tensors, each under its path, to be written in another form.
  public static List<StoredArray> arrays(Module module) {
    return arrays("", module.state());
  }

  /// Loads a file that holds exactly the module's tensors (and perhaps a training's state); any
  /// other is refused. Returns the file's metadata.
  public static Map<String, String> load(Path file, Module module) throws IOException {
    ArrayFile contents = Safetensors.read(file);
    load(file, contents, module);
    return contents.metadata();
  }

  static void load(Path file, ArrayFile contents, Module module) throws CheckpointException {
    check(file, contents, module);
    assign(module.state(), ofModel(contents));
  }

  /// Refuses a file that doesn't hold exactly the module's tensors.
  static void check(Path file, ArrayFile contents, Module module) throws CheckpointException {
    LoadReport report = compare(module.state(), ofModel(contents));
    if (!report.isComplete()) throw refusal(file, contents, report);
  }

  private static Map<String, StoredArray> ofModel(ArrayFile contents) {
    Map<String, StoredArray> weights = new LinkedHashMap<>(contents.arrays());
    weights.keySet().removeIf(name -> name.startsWith(Checkpoint.OPTIMISER));
    return weights;
  }

  private static CheckpointException refusal(Path file, ArrayFile contents, LoadReport report) {
    String model = contents.metadata().get("model");
    return new CheckpointException(
        file
            + ": a checkpoint of another model"
            + (model == null ? "" : ", '" + model + "'")
            + "; nothing was loaded. Of its arrays "
            + report);
  }

  /// Loads what fits by name and shape and leaves the rest of the module as it is.
  public static LoadReport loadMatching(Module module, Map<String, StoredArray> arrays) {
    return assign(module.state(), arrays);
  }

  static List<StoredArray> arrays(String prefix, SequencedMap<String, Tensor> tensors) {
    List<StoredArray> arrays = new ArrayList<>();
    tensors.forEach((path, t) -> arrays.add(store(prefix + path, t)));
    return arrays;
  }

  /// As float32 where that is exact, which it always is for devices that compute in it.
  private static StoredArray store(String name, Tensor t) {
    int[] shape = t.shape().toArray();
    double[] values = t.toDoubles();
    boolean exact = Arrays.stream(values).allMatch(v -> Double.compare((float) v, v) == 0);
    return exact ? StoredArray.of(name, shape, t.toFloats()) : StoredArray.of(name, shape, values);
  }

  /// Gives each tensor the array of its name and shape.
  static LoadReport assign(Map<String, Tensor> tensors, Map<String, StoredArray> arrays) {
    LoadReport report = compare(tensors, arrays);
    tensors.forEach((path, t) -> {
      StoredArray array = arrays.get(path);
      if (array != null && !report.mismatched().containsKey(path)) t.set(array.doubles());
    });
    return report;
  }

  static LoadReport compare(Map<String, Tensor> tensors, Map<String, StoredArray> arrays) {
    List<String> missing = new ArrayList<>();
    SequencedMap<String, String> mismatched = new LinkedHashMap<>();
    tensors.forEach((path, t) -> {
      StoredArray array = arrays.get(path);
      if (array == null) missing.add(path);
      else if (!Shape.of(array.shape()).equals(t.shape())) {
        String stored = Arrays.toString(array.shape());
        mismatched.put(path, "is " + stored + " in the file, " + t.shape() + " here");
      }
    });
    List<String> unexpected =
        arrays.keySet().stream().filter(name -> !tensors.containsKey(name)).toList();
    int loaded = tensors.size() - missing.size() - mismatched.size();
    return new LoadReport(loaded, missing, unexpected, mismatched);
  }
}
