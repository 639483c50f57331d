package retort.experiments.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// How busy the rest of the machine was during a sample: the kernel's account of all processors
/// less our own process's. Where there is no such account, nobody is known to be busy.
final class Load {
  private static final Path STAT = Path.of("/proc/stat");

  /// The kernel counts in hundredths of a second.
  private static final double TICK = 0.01;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final boolean known = Files.isReadable(STAT);
  private final int processors = known ? processors() : 0;
  private double busy;
  private long own;
  private long clock;

  void start() {
    busy = known ? busy() : 0;
    own = system.getProcessCpuTime();
    clock = System.nanoTime();
  }

  /// Whether others left `wanted` processors free since [#start].
  boolean left(double wanted) {
    if (!known) return true;
    double seconds = (System.nanoTime() - clock) / 1e9;
    double ours = (system.getProcessCpuTime() - own) / 1e9;
    double others = (busy() - busy - ours) / seconds;
    return processors - others >= wanted;
  }

  private static double busy() {
    return busy(read().lines().findFirst().orElseThrow());
  }

  /// Seconds of work in the line `cpu user nice system idle iowait irq softirq steal guest ...`;
  /// the time of guests is part of the users'.
  static double busy(String line) {
    String[] f = line.trim().split("\\s+");
    double ticks = 0;
    for (int i : new int[] {1, 2, 3, 6, 7, 8}) if (i < f.length) ticks += Long.parseLong(f[i]);
    return ticks * TICK;
  }

  private static int processors() {
    return (int) read().lines().filter(line -> line.matches("cpu\\d.*")).count();
  }

  private static String read() {
    try {
      return Files.readString(STAT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
