package retort.experiments;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import retort.tensor.Device;

/// Where a command computes.
public final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "Where to compute: cpu (the default) or cuda.")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads to compute with; all cores if not given. The results don't depend on it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /// Refuses what no device can do, before anything is read or written.
  public void check(CommandSpec command) {
    if (threads >= 1) return;
    throw new ParameterException(
        command.commandLine(), "--threads must be at least 1, got " + threads);
  }

  public Device open(CommandSpec command) {
    check(command);
    return Device.of(device, threads);
  }
}
