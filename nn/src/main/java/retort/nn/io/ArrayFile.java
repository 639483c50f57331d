package retort.nn.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What a file of arrays holds: the arrays by name, in the file's order, and its textual metadata.
public record ArrayFile(SequencedMap<String, StoredArray> arrays, Map<String, String> metadata) {

  public ArrayFile {
    arrays = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(arrays));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /// A file of these arrays, each under its own name; two of the same name are refused.
  public static ArrayFile of(List<StoredArray> arrays, Map<String, String> metadata) {
    SequencedMap<String, StoredArray> byName = new LinkedHashMap<>();
    for (StoredArray array : arrays) {
      if (byName.put(array.name(), array) != null) {
        throw new IllegalArgumentException("two arrays are named " + array.name());
      }
    }
    return new ArrayFile(byName, metadata);
  }

  /// Keys under which training programs wrap the weights of a model.
  private static final List<String> WRAPPERS =
      List.of("state_dict.", "model_state_dict.", "model.", "net.");

  /// What may lie beside the weights of a model; anything else means that a name like `model.` is
  /// part of the model itself.
  private static final List<String> BESIDE =
      List.of("optim", "scheduler", "lr_scheduler", "scaler", "model_ema", "state_dict_ema", "ema");

  /// Reads a file of any known format, told by its first bytes.
  public static ArrayFile read(Path file) throws IOException {
    if (Files.isDirectory(file) || !Files.exists(file)) {
      throw new FileNotFoundException("no file " + file);
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(9);
    }
    if (head.length == 0) {
      throw new FormatException(file, "the file is empty");
    }
    if (head.length > 1 && head[0] == 'P' && head[1] == 'K') {
      return Npz.isNpz(file) ? Npz.read(file) : PyTorch.read(file);
    }
    if (head[0] == (byte) 0x93) {
      return of(List.of(Npy.read(file)), Map.of());
    }
    boolean pickle = head[0] == (byte) 0x80 && (head.length < 9 || head[8] != '{');
    return pickle ? PyTorch.read(file) : Safetensors.read(file);
  }

  /// The weights of a model without what training programs wrap around them: the key of a
  /// checkpoint (`state_dict.`, `model.` and the like) and the `module.` of parallel training.
  public ArrayFile stateDict() {
    ArrayFile inner = this;
    for (String wrapper : WRAPPERS) {
      boolean wraps = arrays.keySet().stream().anyMatch(name -> name.startsWith(wrapper));
      if (wraps && arrays.keySet().stream().allMatch(name -> isBeside(name, wrapper))) {
        inner = under(wrapper);
        break;
      }
    }
    boolean parallel =
        !inner.arrays.isEmpty()
            && inner.arrays.keySet().stream().allMatch(name -> name.startsWith("module."));
    return parallel ? inner.under("module.") : inner;
  }

  private static boolean isBeside(String name, String wrapper) {
    return name.startsWith(wrapper) || BESIDE.stream().anyMatch(name::startsWith);
  }

  /// The arrays whose names begin with `prefix`, with it taken off.
  public ArrayFile under(String prefix) {
    List<StoredArray> kept = new ArrayList<>();
    for (StoredArray array : arrays.values()) {
      if (array.name().startsWith(prefix)) {
        kept.add(array.renamed(array.name().substring(prefix.length())));
      }
    }
    return of(kept, metadata);
  }

  /// The array of this name; refuses an unknown one with the names there are.
  public StoredArray get(String name) {
    StoredArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException("no array named " + name + " among " + arrays.keySet());
    }
    return array;
  }
}
