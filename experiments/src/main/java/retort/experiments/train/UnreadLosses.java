package retort.experiments.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import retort.gendd.Losses;
import retort.tensor.Device;
import retort.tensor.Span;
import retort.tensor.Tensor;

/// The losses of the last steps, still on the device. To read a number is to wait for all that the
/// device was asked before, and a card that is waited for in every step stands still while the next
/// one is prepared. So a step leaves its losses here, and they are read together: when a line is to
/// be shown, when there is no more room, and at an epoch's end. None is left out.
final class UnreadLosses implements AutoCloseable {
  /// Numbers there is room for: a loss that is none is found some dozens of steps later at most,
  /// and waiting once in so many steps costs nothing.
  static final int ROOM = 256;

  /// Is told of every step's losses by name, in the order of the steps.
  @FunctionalInterface
  interface Reader {
    void read(int step, Map<String, Double> losses);
  }

  private record Unread(int step, List<String> names) {}

  private final Device device;
  private final Reader reader;
  private final Span numbers;
  private final List<Unread> steps = new ArrayList<>();
  private int used;

  UnreadLosses(Device device, Reader reader) {
    this.device = device;
    this.reader = reader;
    numbers = device.take(ROOM);
  }

  /// Takes in a step's losses; they need not live any longer.
  void add(int step, Losses losses) {
    Map<String, Tensor> named = losses.byName();
    if (used + named.size() > ROOM) read();
    for (Tensor loss : named.values()) {
      device.kernels().axpby(1, loss.span(), 0, numbers.slice(used++, 1));
    }
    steps.add(new Unread(step, List.copyOf(named.keySet())));
  }

  /// Hands everything that has come since the last time to the reader.
  void read() {
    if (steps.isEmpty()) return;
    double[] values = new double[used];
    device.read(numbers.slice(0, used), values, 0);
    List<Unread> all = List.copyOf(steps);
    steps.clear();
    used = 0;
    int at = 0;
    for (Unread u : all) {
      Map<String, Double> losses = new LinkedHashMap<>();
      for (String name : u.names) losses.put(name, values[at++]);
      reader.read(u.step, losses);
    }
  }

  @Override
  public void close() {
    device.give(numbers);
  }
}
