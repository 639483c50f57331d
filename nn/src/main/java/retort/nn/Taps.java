package retort.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import retort.tensor.Tensor;

/// The outputs of chosen modules in the last forward, held until the tape ends, so that a loss can
/// read a feature inside a net without the net knowing. The output of a [BatchNorm] is what it
/// normalised, with a residual added if it had one, *before* the ReLU that it may be fused with;
/// the block around it gives the value after.
public final class Taps implements AutoCloseable {
  private final Map<String, Module> modules = new LinkedHashMap<>();
  private final Map<String, Consumer<Tensor>> consumers = new LinkedHashMap<>();
  private final Map<String, Tensor> values = new LinkedHashMap<>();

  Taps(Module root, List<String> paths) {
    for (String path : paths) modules.put(path, root.find(path));
    modules.forEach((path, module) -> {
      Consumer<Tensor> tap = y -> values.put(path, y);
      consumers.put(path, tap);
      module.addTap(tap);
    });
  }

  /// The output of the module of this path in the last forward.
  public Tensor get(String path) {
    if (!modules.containsKey(path)) {
      throw new IllegalArgumentException(
          "no tap on '" + path + "'; there are taps on " + String.join(", ", modules.keySet()));
    }
    Tensor value = values.get(path);
    if (value == null) {
      throw new IllegalStateException(
          "the tap on '" + path + "' has seen no forward through that module yet");
    }
    return value;
  }

  /// Takes the taps out.
  @Override
  public void close() {
    consumers.forEach((path, tap) -> modules.get(path).removeTap(tap));
    values.clear();
  }
}
