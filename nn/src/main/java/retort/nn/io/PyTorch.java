package retort.nn.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// Checkpoints that torch.save wrote: the zip format of torch 1.6 and later, and the legacy format
/// before it (a row of pickles followed by the storages).
///
/// The pickles are read as data by [Unpickler]; a file that would run anything is refused by name.
public final class PyTorch {
  /// The first value of a legacy file.
  private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private static final long LEGACY_PROTOCOL = 1001;

  private static final Map<String, Object> GLOBALS = globals();

  private PyTorch() {}

  /// All tensors, named by their path in the pickled object (`state_dict.module.conv1.weight`);
  /// plain values become metadata under their paths. [ArrayFile#stateDict] takes wrappers off.
  public static ArrayFile read(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(4);
    }
    boolean zip = head.length == 4 && head[0] == 'P' && head[1] == 'K';
    return zip ? readZip(file) : readLegacy(file);
  }

  private static ArrayFile readZip(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      String pickle =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.equals("data.pkl") || name.endsWith("/data.pkl"))
              .findFirst()
              .orElseThrow(
                  () -> new FormatException(file, "a zip without data.pkl: no torch file"));
      String root = pickle.substring(0, pickle.length() - "data.pkl".length());
      if (zip.getEntry(root + "constants.pkl") != null) {
        throw new FormatException(
            file, "a TorchScript program, not a checkpoint; save its state_dict() instead");
      }
      ZipEntry order = zip.getEntry(root + "byteorder");
      boolean bigEndian =
          order != null
              && new String(contents(zip, order), StandardCharsets.US_ASCII).equals("big");
      Map<String, TorchStorage> storages = new LinkedHashMap<>();
      Object value;
      try (InputStream in = zip.getInputStream(zip.getEntry(pickle))) {
        value = unpickle(in, file, storages);
      }
      for (TorchStorage storage : storages.values()) {
        ZipEntry entry = zip.getEntry(root + "data/" + storage.key());
        if (entry == null) {
          throw new FormatException(file, "storage " + storage.key() + " is missing");
        }
        storage.fill(contents(zip, entry), bigEndian, file);
      }
      return TorchTensor.collect(value, file);
    } catch (ZipException e) {
      throw new FormatException(file, "truncated or damaged zip: " + e.getMessage(), e);
    }
  }

  private static byte[] contents(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static ArrayFile readLegacy(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      Map<String, TorchStorage> storages = new LinkedHashMap<>();
      if (!LEGACY_MAGIC.equals(unpickle(in, file, storages))) {
        throw new FormatException(file, "not a file that torch.save wrote");
      }
      Object protocol = unpickle(in, file, storages);
      if (!Objects.equals(protocol, LEGACY_PROTOCOL)) {
        throw new FormatException(file, "legacy torch protocol " + protocol + "; 1001 is read");
      }
      Object system = unpickle(in, file, storages);
      boolean bigEndian =
          system instanceof Map<?, ?> facts && Boolean.FALSE.equals(facts.get("little_endian"));
      Object value = unpickle(in, file, storages);
      if (!(unpickle(in, file, storages) instanceof List<?> keys)) {
        throw new FormatException(file, "no list of storages after the pickle");
      }
      for (Object key : keys) {
        TorchStorage storage = storages.get(String.valueOf(key));
        if (storage == null) {
          throw new FormatException(file, "storage " + key + " belongs to no tensor");
        }
        byte[] count = in.readNBytes(8);
        long elements =
            count.length < 8
                ? -1
                : ByteBuffer.wrap(count)
                    .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                    .getLong();
        if (elements != storage.elements()) {
          throw new FormatException(
              file,
              "truncated or damaged: storage "
                  + key
                  + " should have "
                  + storage.elements()
                  + " elements");
        }
        storage.fill(in.readNBytes(storage.byteCount()), bigEndian, file);
      }
      return TorchTensor.collect(value, file);
    }
  }

  private static Object unpickle(InputStream in, Path file, Map<String, TorchStorage> storages)
      throws IOException {
    UnaryOperator<Object> persistent =
        id -> {
          List<?> parts = (List<?>) id;
          if (!"storage".equals(parts.get(0))) {
            throw new IllegalArgumentException("persistent id of kind " + parts.get(0));
          }
          if (parts.size() > 5 && parts.get(5) != null) {
            throw new IllegalArgumentException("views of storages (torch before 0.4) are not read");
          }
          String key = String.valueOf(parts.get(2));
          return storages.computeIfAbsent(
              key, k -> new TorchStorage((ElementType) parts.get(1), k, (Long) parts.get(4)));
        };
    return new Unpickler(in, file, GLOBALS, persistent).read();
  }

  private static Map<String, Object> globals() {
    Map<String, Object> known = new HashMap<>(Pickle.GLOBALS);
    Map.of(
            "Half", ElementType.F16,
            "BFloat16", ElementType.BF16,
            "Float", ElementType.F32,
            "Double", ElementType.F64,
            "Char", ElementType.I8,
            "Short", ElementType.I16,
            "Int", ElementType.I32,
            "Long", ElementType.I64,
            "Byte", ElementType.U8,
            "Bool", ElementType.BOOL)
        .forEach((name, type) -> {
          known.put("torch " + name + "Storage", type);
          known.put("torch.cuda " + name + "Storage", type);
        });
    Unpickler.Callable tensor =
        a ->
            new TorchTensor(
                (TorchStorage) a.get(0),
                (Long) a.get(1),
                Pickle.ints(a.get(2)),
                ((List<?>) a.get(3)).stream().mapToLong(s -> (Long) s).toArray());
    known.put("torch._utils _rebuild_tensor", tensor);
    known.put("torch._utils _rebuild_tensor_v2", tensor);
    Unpickler.Callable first = List::getFirst;
    known.put("torch._utils _rebuild_parameter", first);
    known.put("torch Size", first);
    known.put("torch device", first);
    for (String type : List.of("float16", "bfloat16", "float32", "float64", "int64")) {
      known.put("torch " + type, "torch." + type);
    }
    return Map.copyOf(known);
  }
}
