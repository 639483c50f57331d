package retort.nn.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Python pickles of plain data and numpy arrays, such as the CIFAR archives hold.
public final class Pickle {
  private Pickle() {}

  /// What data pickles name: ordered and counting dicts, argument namespaces, numpy arrays and
  /// scalars.
  static final Map<String, Object> GLOBALS = globals();

  /// Reads one pickle. Values are as [Unpickler] describes; numpy arrays are [NumpyArray]s.
  public static Object read(InputStream in, Object file) throws IOException {
    return new Unpickler(
            new BufferedInputStream(in),
            file,
            GLOBALS,
            id -> {
              throw new IllegalArgumentException("a persistent id outside a torch file");
            })
        .read();
  }

  /// A numpy array inside a pickle.
  public static final class NumpyArray implements Unpickler.Buildable {
    private StoredArray array;

    private NumpyArray() {}

    /// State: (version, shape, dtype, is Fortran order, bytes).
    @Override
    public void build(Object state) {
      List<?> parts = (List<?>) state;
      array =
          Npy.decode(
              "array",
              ((Dtype) parts.get(2)).descr(),
              ints(parts.get(1)),
              (Boolean) parts.get(3),
              bytes(parts.get(4)));
    }

    public StoredArray named(String name) {
      if (array == null) {
        throw new IllegalStateException("numpy array " + name + " has no contents");
      }
      return array.renamed(name);
    }
  }

  /// The arguments of a program (argparse).
  record Namespace(Map<Object, Object> attributes) implements Unpickler.Buildable {
    @Override
    public void build(Object state) {
      attributes.putAll((Map<?, ?>) state);
    }
  }

  private static final class Dtype implements Unpickler.Buildable {
    private final String code;
    private String order = "<";

    private Dtype(String code) {
      this.code = code;
    }

    /// State: (version, byte order, ...); the byte order of one-byte types is "|".
    @Override
    public void build(Object state) {
      order = (String) ((List<?>) state).get(1);
    }

    private String descr() {
      return order + code;
    }
  }

  private static Map<String, Object> globals() {
    Map<String, Object> known = new HashMap<>();
    Unpickler.Callable dict =
        arguments -> {
          Map<Object, Object> map = new LinkedHashMap<>();
          for (Object argument : arguments) {
            if (argument instanceof Map<?, ?> entries) {
              map.putAll(entries);
            } else {
              for (Object pair : (List<?>) argument) {
                map.put((String) ((List<?>) pair).get(0), ((List<?>) pair).get(1));
              }
            }
          }
          return map;
        };
    known.put("collections OrderedDict", dict);
    known.put("collections Counter", dict);
    Unpickler.Callable namespace = arguments -> new Namespace(new LinkedHashMap<>());
    known.put("argparse Namespace", namespace);
    // What Python 3 writes for bytes in protocol 2.
    Unpickler.Callable encode =
        arguments -> ((String) arguments.get(0)).getBytes(StandardCharsets.ISO_8859_1);
    known.put("_codecs encode", encode);
    Unpickler.Callable dtype = arguments -> new Dtype((String) arguments.get(0));
    known.put("numpy dtype", dtype);
    known.put("numpy ndarray", "numpy.ndarray");
    Unpickler.Callable reconstruct = arguments -> new NumpyArray();
    Unpickler.Callable fromBuffer =
        arguments -> {
          NumpyArray array = new NumpyArray();
          array.build(
              Arrays.asList(
                  1,
                  arguments.get(2),
                  arguments.get(1),
                  "F".equals(arguments.get(3)),
                  arguments.get(0)));
          return array;
        };
    Unpickler.Callable scalar =
        arguments -> {
          String descr = ((Dtype) arguments.get(0)).descr();
          StoredArray one = Npy.decode("scalar", descr, new int[0], false, bytes(arguments.get(1)));
          return one.type().isFloating() ? (Object) one.doubles()[0] : (Object) one.longs()[0];
        };
    // numpy 2 renamed its core.
    for (String core : List.of("numpy.core", "numpy._core")) {
      known.put(core + ".multiarray _reconstruct", reconstruct);
      known.put(core + ".multiarray scalar", scalar);
      known.put(core + ".numeric _frombuffer", fromBuffer);
    }
    return Map.copyOf(known);
  }

  static int[] ints(Object tuple) {
    List<Integer> values = new ArrayList<>();
    for (Object value : (List<?>) tuple) {
      values.add(Math.toIntExact((Long) value));
    }
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static byte[] bytes(Object value) {
    return value instanceof String s
        ? s.getBytes(StandardCharsets.ISO_8859_1)
        : ((byte[]) value).clone();
  }
}
