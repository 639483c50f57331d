package retort.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import retort.experiments.Doctor.Finding;
import retort.tensor.Device;
import retort.tensor.DeviceProvider;

class DoctorTest {
  private static Machine machine(int cores, int vectorBits, long heapMiB) {
    return new Machine("some cpu", cores, vectorBits, 8000, heapMiB, "Linux", "VM", List.of());
  }

  @Test
  void findsNothingWrongWithAGoodMachine() {
    assertThat(Doctor.examine(machine(2, 512, 4000), 25, true))
        .allMatch(f -> f.remedy().isEmpty() && !f.fatal());
  }

  @Test
  void givesTheLineThatMendsWhatIsMissing() {
    List<Finding> findings = Doctor.examine(machine(1, 128, 500), 21, false);
    assertThat(findings)
        .filteredOn(Finding::fatal)
        .extracting(Finding::what)
        .containsExactly("java", "vectors", "memory");
    assertThat(findings)
        .extracting(Finding::remedy)
        .anyMatch(r -> r.contains("-Xmx2g"))
        .anyMatch(r -> r.contains("--add-modules jdk.incubator.vector"))
        .anyMatch(r -> r.contains("apt-get install"));
    assertThat(Doctor.examine(machine(2, 128, 4000), 25, true))
        .anyMatch(f ->
            f.value().equals("128 bits, 4 floats at once") && !f.fatal() && !f.remedy().isEmpty());
  }

  /// The processor is enough, so what a card lacks is a note.
  @Test
  void tellsWhatOtherDevicesNeed() {
    DeviceProvider card =
        new DeviceProvider() {
          @Override
          public String name() {
            return "card";
          }

          @Override
          public Device open() {
            throw new IllegalStateException("no driver");
          }

          @Override
          public List<DeviceProvider.Finding> examine() {
            return List.of(new DeviceProvider.Finding("driver", "not found", "install it"));
          }
        };
    assertThat(Doctor.devices(List.of(card)))
        .containsExactly(new Finding("driver", "not found", "install it", false));
    assertThat(DeviceProvider.all()).extracting(DeviceProvider::name).containsExactly("cuda");
  }

  @Test
  void looksAtTheMachineItRunsOn() {
    Machine machine = Machine.current();
    assertThat(machine.cpu()).isNotBlank();
    assertThat(machine.vectorBits()).isIn(64, 128, 256, 512, 1024, 2048);
    assertThat(machine.memoryMiB()).isPositive();
  }
}
