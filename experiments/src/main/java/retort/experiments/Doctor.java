package retort.experiments;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import retort.tensor.DeviceProvider;

/// Says what this machine offers, and for all that is missing the exact line that mends it. Exit
/// code 1 only where Retort cannot work well enough to be worth starting.
@Command(
    name = "doctor",
    description = "Show what this machine offers, and how to mend what is missing.")
final class Doctor implements Callable<Integer> {
  /// Below this the quickstart's teacher, student and head with their activations don't fit.
  private static final long LEAST_HEAP_MIB = 1024;

  @Spec private CommandSpec spec;

  /// One thing looked at; a remedy is there where something is missing.
  record Finding(String what, String value, String remedy, boolean fatal) {
    static Finding good(String what, String value) {
      return new Finding(what, value, "", false);
    }
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    var findings = examine(Machine.current(), Runtime.version().feature(), hasVectorModule());
    findings.addAll(devices(DeviceProvider.all()));
    for (Finding f : findings) {
      String mark = f.remedy().isEmpty() ? "ok  " : f.fatal() ? "MISSING" : "note";
      out.printf("%-8s%-14s%s%n", mark, f.what(), f.value());
      if (!f.remedy().isEmpty()) out.printf("%-8s%-14s-> %s%n", "", "", f.remedy());
    }
    return findings.stream().anyMatch(Finding::fatal) ? 1 : 0;
  }

  static List<Finding> examine(Machine machine, int javaFeature, boolean vectorModule) {
    var findings = new ArrayList<Finding>();
    findings.add(Finding.good("code", CodeVersion.current().toString()));
    findings.add(
        javaFeature == 25
            ? Finding.good("java", machine.jvm())
            : new Finding(
                "java",
                machine.jvm(),
                "install JDK 25: sudo apt-get install openjdk-25-jdk",
                true));
    findings.add(Finding.good("cpu", machine.cpu() + ", " + machine.os()));
    findings.add(
        machine.cores() > 1
            ? Finding.good("cores", Integer.toString(machine.cores()))
            : new Finding(
                "cores",
                "1",
                "training uses every core it is given; lift the limit (docker run --cpus=4)",
                false));
    findings.add(vectors(machine, vectorModule));
    findings.add(memory(machine));
    return findings;
  }

  /// What other devices than the processor need. Nothing of it is fatal: the processor remains.
  static List<Finding> devices(List<DeviceProvider> providers) {
    return providers.stream()
        .flatMap(p -> p.examine().stream())
        .map(f -> new Finding(f.what(), f.value(), f.remedy(), false))
        .toList();
  }

  private static Finding vectors(Machine machine, boolean module) {
    if (!module) {
      return new Finding(
          "vectors",
          "module jdk.incubator.vector absent",
          "start with ./retort, or add --add-modules jdk.incubator.vector to java",
          true);
    }
    int bits = machine.vectorBits();
    String value = bits + " bits, " + bits / 32 + " floats at once";
    return bits >= 256
        ? Finding.good("vectors", value)
        : new Finding(
            "vectors", value, "works, but slower than on a processor with AVX2 or AVX-512", false);
  }

  private static Finding memory(Machine machine) {
    String value = machine.heapMiB() + " MiB heap of " + machine.memoryMiB() + " MiB memory";
    return machine.heapMiB() >= LEAST_HEAP_MIB
        ? Finding.good("memory", value)
        : new Finding("memory", value, "give it more: RETORT_JAVA_OPTS=-Xmx2g ./retort ...", true);
  }

  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }
}
