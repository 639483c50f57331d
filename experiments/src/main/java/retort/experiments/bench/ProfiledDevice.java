package retort.experiments.bench;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import retort.experiments.terminal.Table;
import retort.tensor.Broadcast;
import retort.tensor.Device;
import retort.tensor.Kernels;
import retort.tensor.Move;
import retort.tensor.Philox;
import retort.tensor.Slot;
import retort.tensor.Span;

/// A device that keeps time of every verb called on it, so that one can see where a step goes. What
/// is not in a verb, the tape and the modules, is the difference to the whole.
final class ProfiledDevice implements Device {
  /// Time of the calls of one verb on one shape.
  private static final class Entry {
    long calls;
    long nanos;
  }

  private final Device device;
  private final Kernels timed;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  ProfiledDevice(Device device) {
    this.device = device;
    Kernels kernels = device.kernels();
    InvocationHandler handler =
        (proxy, verb, args) -> {
          long start = System.nanoTime();
          try {
            return verb.invoke(kernels, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          } finally {
            Entry entry = entries.computeIfAbsent(describe(verb.getName(), args), n -> new Entry());
            entry.calls++;
            entry.nanos += System.nanoTime() - start;
          }
        };
    timed =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, handler);
  }

  /// The verb with what its time depends on: its geometry, or the extent of what it writes.
  private static String describe(String verb, Object[] args) {
    StringJoiner shape = new StringJoiner(" ");
    int extent = 0;
    for (Object arg : args) {
      switch (arg) {
        case null -> {}
        case Span span -> extent = Math.max(extent, span.size());
        case Slot slot -> extent = Math.max(extent, slot.span().size());
        case Philox draws -> {} // its counter differs from call to call
        case Move move -> shape.add(Arrays.toString(move.dims()));
        case Broadcast broadcast -> shape.add(broadcast.out().toString());
        case Record geometry -> shape.add(numbers(geometry));
        case Enum<?> e -> shape.add(e.name().toLowerCase(Locale.ROOT));
        case Integer i -> shape.add(i.toString());
        case Boolean b -> shape.add(b ? "+" : "-");
        default -> {}
      }
    }
    return verb + " " + shape + " of " + extent;
  }

  /// A record's text without the names.
  private static String numbers(Record record) {
    String text = record.toString().replaceAll("[A-Za-z]+=", "").replace(", ", ",");
    return text.length() > 60 ? text.substring(0, 60) : text;
  }

  void forget() {
    entries.clear();
  }

  /// Slowest first, with what one step of `steps` spent.
  Table table(int steps, double seconds) {
    Table table = new Table("verb and shape", "calls", "ms", "share");
    List<Map.Entry<String, Entry>> rows = new ArrayList<>(entries.entrySet());
    rows.sort(Comparator.comparingLong(row -> -row.getValue().nanos));
    double verbs = 0;
    for (var row : rows) {
      double each = row.getValue().nanos / 1e9 / steps;
      verbs += each;
      add(table, row.getKey(), row.getValue().calls / steps, each, seconds);
    }
    add(table, "(outside of verbs)", 1, seconds - verbs, seconds);
    add(table, "(a step)", 1, seconds, seconds);
    return table;
  }

  private static void add(Table table, String name, long calls, double each, double whole) {
    table.row(
        name,
        calls,
        String.format(Locale.ROOT, "%.2f", 1e3 * each),
        String.format(Locale.ROOT, "%.3f", each / whole));
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public Span take(int size) {
    return device.take(size);
  }

  @Override
  public void give(Span span) {
    device.give(span);
  }

  @Override
  public void write(float[] from, int at, Span to) {
    device.write(from, at, to);
  }

  @Override
  public void write(double[] from, int at, Span to) {
    device.write(from, at, to);
  }

  @Override
  public void read(Span from, float[] to, int at) {
    device.read(from, to, at);
  }

  @Override
  public void read(Span from, double[] to, int at) {
    device.read(from, to, at);
  }

  @Override
  public Kernels kernels() {
    return timed;
  }

  @Override
  public Memory memory() {
    return device.memory();
  }
}
