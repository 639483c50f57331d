package retort.experiments.recipe;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import retort.experiments.recipe.Node.Mapping;
import retort.experiments.recipe.Node.Scalar;
import retort.experiments.recipe.Node.Sequence;
import retort.nn.Nearest;

/// Reads nodes into records. A component `labelSmoothing` is the key `label-smoothing`; every
/// component must have a value unless it is an [Optional]; every key must have a component. All
/// that is wrong is collected, so that one look at the message is enough to mend the recipe.
final class Binder {
  private final List<String> problems = new ArrayList<>();

  List<String> problems() {
    return problems;
  }

  /// The record, or null where something in it was refused.
  <T extends Record> T bind(Mapping mapping, Class<T> type, String path) {
    int before = problems.size();
    RecordComponent[] components = type.getRecordComponents();
    List<String> known = Arrays.stream(components).map(Binder::key).toList();
    mapping
        .keys()
        .forEach((key, at) -> {
          if (!known.contains(key)) {
            refuse(
                at,
                "unknown key '"
                    + key
                    + "'"
                    + in(path)
                    + Nearest.hint(key, known)
                    + " (keys here: "
                    + String.join(", ", known)
                    + ")");
          }
        });
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      Node node = mapping.entries().get(key(component));
      boolean optional = component.getType() == Optional.class;
      if (node == null) {
        values[i] = Optional.empty();
        if (!optional) refuse(mapping.origin(), "missing key '" + key(component) + "'" + in(path));
        continue;
      }
      String at = path.isEmpty() ? key(component) : path + "." + key(component);
      Object value =
          value(
              node,
              optional ? argument(component.getGenericType(), 0) : component.getGenericType(),
              at);
      check(component.getAnnotation(Range.class), value, node, at);
      values[i] = optional ? Optional.ofNullable(value) : value;
    }
    return problems.size() > before ? null : construct(type, components, values, mapping);
  }

  private Object value(Node node, Type type, String path) {
    return switch (node) {
      case Scalar scalar when type instanceof Class<?> single -> scalar(scalar, single, path);
      case Sequence sequence when isA(type, List.class) -> list(sequence, argument(type, 0), path);
      case Mapping mapping when isA(type, Map.class) -> map(mapping, argument(type, 1), path);
      case Mapping mapping when type instanceof Class<?> c && c.isRecord() ->
          bind(mapping, c.asSubclass(Record.class), path);
      default -> refuse(node.origin(), path + " must be " + describe(type));
    };
  }

  private Object scalar(Scalar scalar, Class<?> type, String path) {
    String text = scalar.text();
    String digits = text.replace("_", "");
    try {
      if (type == int.class || type == Integer.class) return Integer.valueOf(digits);
      if (type == long.class || type == Long.class) return Long.valueOf(digits);
      if (type == double.class || type == Double.class) return Double.valueOf(digits);
    } catch (NumberFormatException _) {
      return refuse(scalar.origin(), path + " must be " + describe(type) + ", got '" + text + "'");
    }
    if (type == String.class) return text;
    if (type == Path.class) return Path.of(text);
    if ((type == boolean.class || type == Boolean.class)
        && List.of("true", "false").contains(text)) {
      return Boolean.valueOf(text);
    }
    if (type.isEnum()) {
      var match =
          Arrays.stream(type.getEnumConstants())
              .filter(c -> name((Enum<?>) c).equals(text))
              .findFirst();
      if (match.isPresent()) return match.get();
    }
    String hint = type.isEnum() ? Nearest.hint(text, names(type)) : "";
    return refuse(
        scalar.origin(), path + " must be " + describe(type) + ", got '" + text + "'" + hint);
  }

  private List<Object> list(Sequence sequence, Type item, String path) {
    List<Object> values = new ArrayList<>();
    for (Node node : sequence.items())
      values.add(value(node, item, path + "[" + values.size() + "]"));
    return values;
  }

  private Map<String, Object> map(Mapping mapping, Type item, String path) {
    Map<String, Object> values = new LinkedHashMap<>();
    mapping.entries().forEach((key, node) -> values.put(key, value(node, item, path + "." + key)));
    return values;
  }

  private void check(Range range, Object value, Node node, String path) {
    if (range == null) return;
    if (value instanceof List<?> list && node instanceof Sequence sequence) {
      for (int i = 0; i < list.size(); i++)
        check(range, list.get(i), sequence.items().get(i), path + "[" + i + "]");
    } else if (value instanceof Number number
        && !(number.doubleValue() >= range.min() && number.doubleValue() <= range.max())) {
      refuse(node.origin(), path + " must be " + describe(range) + ", got " + number);
    }
  }

  /// A record's own constructor may refuse what no single range can say (tokens that don't divide a
  /// width).
  private <T> T construct(
      Class<T> type, RecordComponent[] components, Object[] values, Mapping mapping) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      refuse(mapping.origin(), e.getCause().getMessage());
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          type + " must be a record that module " + Binder.class.getModule() + " can reach", e);
    }
  }

  private Object refuse(Origin origin, String what) {
    problems.add(origin + ": " + what);
    return null;
  }

  private static String in(String path) {
    return path.isEmpty() ? "" : " in " + path;
  }

  static String key(RecordComponent component) {
    return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(c -> name((Enum<?>) c)).toList();
  }

  private static String describe(Type type) {
    if (isA(type, List.class)) return "a list";
    if (isA(type, Map.class)) return "a mapping";
    if (!(type instanceof Class<?> c)) return type.getTypeName();
    if (c.isRecord())
      return "a mapping with the keys "
          + String.join(", ", Arrays.stream(c.getRecordComponents()).map(Binder::key).toList());
    if (c.isEnum()) return "one of " + String.join(", ", names(c));
    return switch (c.getSimpleName()) {
      case "int", "Integer", "long", "Long" -> "a whole number";
      case "double", "Double" -> "a number";
      case "boolean", "Boolean" -> "true or false";
      default -> "a text";
    };
  }

  private static String describe(Range range) {
    boolean below = range.max() < Double.POSITIVE_INFINITY;
    boolean above = range.min() > Double.NEGATIVE_INFINITY;
    if (below && above) return "between " + plain(range.min()) + " and " + plain(range.max());
    return below ? "at most " + plain(range.max()) : "at least " + plain(range.min());
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static boolean isA(Type type, Class<?> raw) {
    return type instanceof ParameterizedType p && p.getRawType() == raw;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }
}
