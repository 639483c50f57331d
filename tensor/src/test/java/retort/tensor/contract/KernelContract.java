package retort.tensor.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import retort.tensor.Device;

/// What every device owes: each verb of [retort.tensor.Kernels], judged by the reference device,
/// over odd sizes, destinations full of NaN, slots written, added to and not wanted. A device's
/// test extends this class and names the device. One family of verbs a file; each says how far
/// results may be off, and why.
public abstract class KernelContract
    implements ElementwiseContract,
        MovesContract,
        ReductionsContract,
        ProductsContract,
        PoolsContract,
        NormsContract,
        LossesContract,
        DrawsContract,
        OptimisersContract {
  /// A probability below the smallest normal float may be flushed to 0, and is multiplied by x of
  /// up to 128 before it would be.
  private static final double FLUSHED = 128 * Float.MIN_NORMAL;

  /// Devices that differ in nothing that may change a bit, such as the number of threads.
  ///
  /// @param name what the messages call them
  public record Alike(String name, List<Device> devices) {}

  private final Device judge = Device.reference();
  private final List<Alike> tested;

  /// @param tested the devices under test, those that owe each other the very same bits together
  protected KernelContract(Alike... tested) {
    this.tested = List.of(tested);
  }

  @Override
  public final void agree(String what, Tolerance tolerance, Trial trial) {
    int slots = agree(what, tolerance, trial, Side.Mode.WRITE);
    if (slots > 0) agree(what, tolerance, trial, new Side.Mode(true, -1));
    for (int i = 0; i < slots; i++) agree(what, tolerance, trial, new Side.Mode(i % 2 == 0, i));
  }

  /// One trial in one mode; returns how many slots it asked for.
  private int agree(String what, Tolerance tolerance, Trial trial, Side.Mode mode) {
    Side wanted = new Side(judge, mode);
    trial.on(wanted);
    List<double[]> want = wanted.results();
    wanted.close();
    for (Alike alike : tested) {
      String name = what + " on " + alike.name() + ", " + mode;
      List<double[]> first = null;
      // The teams in the first mode alone: the others cut the work alike.
      int teams = mode == Side.Mode.WRITE ? alike.devices().size() : 1;
      for (Device device : alike.devices().subList(0, teams)) {
        List<double[]> got = run(name, device, trial, mode);
        for (int i = 0; i < want.size(); i++) {
          if (first == null) compare(name, i, tolerance, want.get(i), got.get(i));
          else if (!Arrays.equals(first.get(i), got.get(i))) {
            fail("%s, result %d: other bits than on the first of its like", name, i);
          }
        }
        if (first == null) first = got;
      }
    }
    return wanted.slots();
  }

  private static List<double[]> run(String name, Device device, Trial trial, Side.Mode mode) {
    Side side = new Side(device, mode);
    trial.on(side);
    assertThat(side.trespasses()).as("%s: numbers touched outside the operands", name).isZero();
    List<double[]> results = side.results();
    side.close();
    return results;
  }

  private static void compare(
      String name, int result, Tolerance tolerance, double[] want, double[] got) {
    double squares = 0;
    for (double w : want) if (Double.isFinite(w)) squares += w * w / want.length;
    double scale = Math.sqrt(squares);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < want.length; i++) {
      double w = want[i], g = got[i];
      double allowed = tolerance.relative() * Math.abs(w) + tolerance.ofScale() * scale + FLUSHED;
      if (Double.compare((float) w, g) != 0 && !(Math.abs(g - w) <= allowed)) {
        wrong.add("[" + i + "] wants " + w + ", got " + g + ", allowed " + allowed);
      }
    }
    if (!wrong.isEmpty()) {
      fail(
          "%s, result %d: %d of %d wrong: %s",
          name, result, wrong.size(), want.length, wrong.subList(0, Math.min(3, wrong.size())));
    }
  }
}
