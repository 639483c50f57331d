package retort.experiments;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The machine and the Java virtual machine under a run, as every manifest records them.
///
/// @param cores processors this JVM may use
/// @param vectorBits width of the vectors that kernels use: the widest the JVM compiles to, unless
///   `-Dretort.vector.bits` forces another
/// @param memoryMiB the machine's memory (or the container's limit)
/// @param heapMiB the most the Java heap may grow to
public record Machine(
    String cpu,
    int cores,
    int vectorBits,
    long memoryMiB,
    long heapMiB,
    String os,
    String jvm,
    List<String> jvmFlags) {

  public static Machine current() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        Integer.getInteger("retort.vector.bits", widestVectorBits()),
        system.getTotalMemorySize() >> 20,
        Runtime.getRuntime().maxMemory() >> 20,
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  private static int widestVectorBits() {
    var hotspot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return 8 * Integer.parseInt(hotspot.getVMOption("MaxVectorSize").getValue());
  }

  private static String cpuModel() {
    try {
      Path info = Path.of("/proc/cpuinfo");
      if (Files.isReadable(info)) {
        try (var lines = Files.lines(info)) {
          var model = lines.filter(line -> line.startsWith("model name")).findFirst();
          if (model.isPresent()) return model.get().substring(model.get().indexOf(':') + 1).strip();
        }
      }
      if (System.getProperty("os.name").startsWith("Mac")) {
        var sysctl =
            new ProcessBuilder("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string").start();
        if (sysctl.waitFor(2, TimeUnit.SECONDS)) {
          return new String(sysctl.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        }
      }
    } catch (IOException e) {
      return "unknown (" + e.getMessage() + ")";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return System.getProperty("os.arch");
  }
}
