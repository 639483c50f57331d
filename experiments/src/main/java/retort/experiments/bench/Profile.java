package retort.experiments.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Consumer;
import retort.tensor.Device;

/// Where the time of whole steps goes, verb by verb.
final class Profile {
  /// Steps are run this long first, for the JVM to compile what they need.
  private static final double WARM = 30;

  private static final int STEPS = 10;

  private final Consumer<String> progress;

  Profile(Consumer<String> progress) {
    this.progress = progress;
  }

  void print(List<StepWork> works, int threads, PrintWriter out) {
    for (StepWork work : works) {
      progress.accept(work.name() + ", " + Report.threads(threads));
      ProfiledDevice device = new ProfiledDevice(Device.cpu(threads));
      Ours ours = Ours.of(work, device);
      long start = System.nanoTime();
      do ours.run();
      while (System.nanoTime() - start < WARM * 1e9);
      device.forget();
      start = System.nanoTime();
      for (int i = 0; i < STEPS; i++) ours.run();
      double seconds = (System.nanoTime() - start) / 1e9 / STEPS;
      out.println(work.name() + ", " + Report.threads(threads));
      out.println(device.table(STEPS, seconds));
      out.flush();
    }
  }
}
