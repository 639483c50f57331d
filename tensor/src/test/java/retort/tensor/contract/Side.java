package retort.tensor.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import retort.tensor.Device;
import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;

/// One device's side of a trial: hands out operands, the same numbers on every device, and
/// remembers what the kernel is to fill.
///
/// Every operand lies between guards, at an odd place in its buffer; whatever is to be overwritten
/// comes filled with NaN, so a kernel that reads it, leaves a hole or writes past the end shows.
public final class Side {
  private static final int GUARD = 5;
  private static final double SENTINEL = 12345;

  /// How the slots of a trial are handed out: all written or all added to, and one of them, counted
  /// from 0, perhaps not wanted at all.
  record Mode(boolean adds, int omitted) {
    static final Mode WRITE = new Mode(false, -1);
  }

  private final Device device;
  private final Mode mode;
  private final List<Span> whole = new ArrayList<>();
  private final List<Span> filled = new ArrayList<>();
  private int slots;

  Side(Device device, Mode mode) {
    this.device = device;
    this.mode = mode;
  }

  public Kernels kernels() {
    return device.kernels();
  }

  // ---- operands

  /// n numbers of a bell curve about 0.
  public Span in(int n) {
    SplittableRandom random = random();
    return place(random.doubles(n, -1, 1).map(u -> 3 * u * u * u + u).toArray());
  }

  /// n numbers between two bounds.
  public Span in(int n, double low, double high) {
    return place(random().doubles(n, low, high).toArray());
  }

  /// n whole numbers from 0 to `bound` - 1, so that many tie.
  public Span ties(int n, int bound) {
    return place(random().ints(n, 0, bound).asDoubleStream().toArray());
  }

  public Span in(double... values) {
    return place(values);
  }

  private SplittableRandom random() {
    return new SplittableRandom(whole.size());
  }

  // ---- results

  /// n numbers to be overwritten.
  public Span out(int n) {
    return compared(blank(n));
  }

  /// An operand that the kernel is to change.
  public Span compared(Span operand) {
    filled.add(operand);
    return operand;
  }

  /// A gradient's place: written or added to, or null, as the trial's mode says.
  public Slot slot(int n) {
    return mode.adds() ? sum(n) : wanted() ? Slot.write(out(n)) : null;
  }

  /// A gradient's place that always holds numbers already, or null.
  public Slot sum(int n) {
    return wanted() ? Slot.add(compared(in(n))) : null;
  }

  private boolean wanted() {
    return slots++ != mode.omitted();
  }

  // ---- for the judge of the trial

  int slots() {
    return slots;
  }

  /// What the kernel filled, in the order it was asked for.
  List<double[]> results() {
    List<double[]> results = new ArrayList<>();
    for (Span s : filled) results.add(read(s));
    return results;
  }

  /// How many numbers around the operands were touched.
  int trespasses() {
    int n = 0;
    for (Span s : whole) {
      double[] v = read(s);
      for (int i = 0; i < GUARD; i++) {
        if (v[i] != SENTINEL) n++;
        if (v[v.length - 1 - i] != SENTINEL) n++;
      }
    }
    return n;
  }

  void close() {
    whole.forEach(device::give);
  }

  private double[] read(Span s) {
    double[] v = new double[s.size()];
    device.read(s, v, 0);
    return v;
  }

  private Span blank(int n) {
    double[] nothing = new double[n];
    Arrays.fill(nothing, Double.NaN);
    return place(nothing);
  }

  /// Rounded to float, so that every device starts from the same numbers.
  private Span place(double[] values) {
    int n = values.length;
    double[] guarded = new double[n + 2 * GUARD];
    Arrays.fill(guarded, SENTINEL);
    for (int i = 0; i < n; i++) guarded[GUARD + i] = (float) values[i];
    Span s = device.take(guarded.length);
    device.write(guarded, 0, s);
    whole.add(s);
    return s.slice(GUARD, n);
  }
}
