package retort.nn.io;

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
