package retort.nn.io;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Reads Python pickles (protocols 2 to 5) as data.
///
/// A pickle is a program that may call any importable function. This reader knows the opcodes that
/// data needs and the globals of a list that its user gives; everything else is refused by name
/// before it has any effect, and nothing is ever looked up by reflection.
///
/// Python's values become: dict `LinkedHashMap`, list `ArrayList`, tuple unmodifiable `List`, str
/// `String`, bytes `byte[]`, int `Long` or `BigInteger`, float `Double`, bool `Boolean`, None null.
/// A str of Python 2, which may be text or bytes, becomes a `String` of one char a byte.
final class Unpickler {
  /// A class or function on the allow-list.
  @FunctionalInterface
  interface Callable {
    Object call(List<?> arguments);
  }

  /// An object that takes its state after it was made.
  @FunctionalInterface
  interface Buildable {
    void build(Object state);
  }

  private static final int MAX_LONG_BYTES = 1024;

  private final InputStream in;
  private final Object file;
  private final Map<String, Object> globals;
  private final UnaryOperator<Object> persistent;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private long offset;

  /// `globals` is the allow-list, by "module name"; `persistent` resolves persistent ids. Reads one
  /// pickle and leaves the stream behind it.
  Unpickler(
      InputStream in, Object file, Map<String, Object> globals, UnaryOperator<Object> persistent) {
    this.in = in;
    this.file = file;
    this.globals = globals;
    this.persistent = persistent;
  }

  Object read() throws IOException {
    try {
      while (true) {
        int opcode = in.read();
        if (opcode < 0) {
          throw new FormatException(file, "truncated pickle: it ends at byte " + offset);
        }
        offset++;
        if (opcode == '.') {
          return pop();
        }
        execute(opcode);
      }
    } catch (RuntimeException e) {
      throw new FormatException(file, "broken pickle at byte " + offset + ": " + e.getMessage(), e);
    }
  }

  private void execute(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> number(1); // the protocol: the opcodes themselves tell
      case 0x95 -> number(8); // the length of a frame: only a hint for reading
      case '(' -> marks.add(stack.size());
      case '0' -> pop();
      case '1' -> popMark();
      case '2' -> push(top());
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) (int) number(4));
      case 'K' -> push(number(1));
      case 'M' -> push(number(2));
      case 0x8a -> push(integer(number(1)));
      case 0x8b -> push(integer(number(4)));
      case 'G' -> push(ByteBuffer.wrap(bytes(8)).getDouble());
      case 'U' -> push(new String(bytes(number(1)), StandardCharsets.ISO_8859_1));
      case 'T' -> push(new String(bytes(number(4)), StandardCharsets.ISO_8859_1));
      case 0x8c -> push(new String(bytes(number(1)), StandardCharsets.UTF_8));
      case 'X' -> push(new String(bytes(number(4)), StandardCharsets.UTF_8));
      case 0x8d -> push(new String(bytes(number(8)), StandardCharsets.UTF_8));
      case 'C' -> push(bytes(number(1)));
      case 'B' -> push(bytes(number(4)));
      case 0x8e, 0x96 -> push(bytes(number(8)));
      case ']' -> push(new ArrayList<>());
      case '}' -> push(new LinkedHashMap<>());
      case ')' -> push(List.of());
      case 0x85 -> push(tuple(popLast(1)));
      case 0x86 -> push(tuple(popLast(2)));
      case 0x87 -> push(tuple(popLast(3)));
      case 't' -> push(tuple(popMark()));
      case 'l' -> push(new ArrayList<>(popMark()));
      case 'd' -> {
        List<Object> items = popMark();
        push(new LinkedHashMap<>());
        put(items);
      }
      case 'a' -> append(popLast(1));
      case 'e' -> append(popMark());
      case 's' -> put(popLast(2));
      case 'u' -> put(popMark());
      case 'q' -> memo.put((int) number(1), top());
      case 'r' -> memo.put((int) number(4), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(remembered((int) number(1)));
      case 'j' -> push(remembered((int) number(4)));
      case 'c' -> {
        String module = line();
        push(global(module, line()));
      }
      case 0x93 -> {
        List<Object> names = popLast(2);
        push(global((String) names.get(0), (String) names.get(1)));
      }
      case 'Q' -> push(persistent.apply(pop()));
      case 'R', 0x81 -> {
        List<?> arguments = (List<?>) pop();
        push(((Callable) pop()).call(arguments));
      }
      case 'b' -> build(pop());
      default ->
          throw new FormatException(
              file,
              String.format(
                  "opcode 0x%02x at byte %d of the pickle is not one that data needs; refused",
                  opcode, offset));
    }
  }

  private Object global(String module, String name) throws FormatException {
    Object value = globals.get(module + " " + name);
    if (value == null) {
      throw new FormatException(
          file,
          "the pickle names "
              + module
              + "."
              + name
              + ", which is not on the list of harmless types; refused, nothing was run. If you"
              + " trust the file, save its tensors alone (torch.save(model.state_dict(), ...) or"
              + " safetensors)");
    }
    return value;
  }

  private void build(Object state) {
    switch (top()) {
      case Buildable object -> object.build(state);
      // Attributes of an OrderedDict: torch hangs its `_metadata` there, which holds versions only.
      case Map<?, ?> map -> {}
      case null, default -> throw new IllegalArgumentException("an object takes no state");
    }
  }

  private void append(List<Object> values) {
    list(top()).addAll(values);
  }

  private void put(List<Object> items) {
    Map<Object, Object> map = map(top());
    if (items.size() % 2 != 0) {
      throw new IllegalArgumentException("a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      // A collection as key could contain itself, and hashing it would not end.
      Object key =
          switch (items.get(i)) {
            case byte[] bytes -> new String(bytes, StandardCharsets.ISO_8859_1);
            case Number n -> n;
            case String s -> s;
            case Boolean b -> b;
            case null -> null;
            default -> throw new IllegalArgumentException("a dict key is no simple value");
          };
      map.put(key, items.get(i + 1));
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (ArrayList<Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static Map<Object, Object> map(Object value) {
    return (Map<Object, Object>) value;
  }

  private static List<Object> tuple(List<Object> values) {
    return Collections.unmodifiableList(values);
  }

  private Object remembered(int key) {
    if (!memo.containsKey(key)) {
      throw new IllegalArgumentException("nothing is remembered as " + key);
    }
    return memo.get(key);
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() {
    return stack.getLast();
  }

  private Object pop() {
    return stack.removeLast();
  }

  private List<Object> popLast(int count) {
    return cut(stack.size() - count);
  }

  private List<Object> popMark() {
    return cut(marks.removeLast());
  }

  private List<Object> cut(int from) {
    List<Object> tail = stack.subList(from, stack.size());
    List<Object> values = new ArrayList<>(tail);
    tail.clear();
    return values;
  }

  private Number integer(long length) throws IOException {
    if (length > MAX_LONG_BYTES) {
      throw new FormatException(file, "an integer of " + length + " bytes in the pickle; refused");
    }
    byte[] digits = bytes(length);
    for (int i = 0, j = digits.length - 1; i < j; i++, j--) {
      byte swap = digits[i];
      digits[i] = digits[j];
      digits[j] = swap;
    }
    BigInteger value = digits.length == 0 ? BigInteger.ZERO : new BigInteger(digits);
    return value.bitLength() < 64 ? (Number) value.longValue() : value;
  }

  /// An unsigned little-endian integer of 1, 2, 4 or 8 bytes.
  private long number(int width) throws IOException {
    byte[] eight = Arrays.copyOf(bytes(width), 8);
    return ByteBuffer.wrap(eight).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private byte[] bytes(long count) throws IOException {
    if (count < 0 || count > Integer.MAX_VALUE - 8) {
      throw new FormatException(file, "a value of " + count + " bytes in the pickle; refused");
    }
    byte[] bytes = in.readNBytes((int) count);
    offset += bytes.length;
    if (bytes.length < count) {
      throw new FormatException(file, "truncated pickle: it ends at byte " + offset);
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = (char) (bytes(1)[0] & 0xff);
      if (c == '\n') {
        return out.toString();
      }
      out.append(c);
    }
  }
}
