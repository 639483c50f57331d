package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.tensor.Device;
import retort.tensor.DeviceProvider.Finding;

/// Whatever is missing is said with where it was looked for and what mends it.
class InstallationTest {
  private static final Libraries NONE = new Libraries(List.of(), false);

  @TempDir Path folder;

  private static Finding last(List<Finding> findings) {
    return findings.getLast();
  }

  @Test
  void saysThatThereIsNoCudaForTheSystem() {
    Finding f = last(Installation.examine(NONE, "Mac OS X", "aarch64", "libcuda.so.1"));
    assertThat(f.value())
        .isEqualTo("no CUDA on Mac OS X aarch64: its libraries are there for Linux on x86-64");
    assertThat(f.remedy()).isEqualTo("use --device cpu");
  }

  @Test
  void saysWhereTheDriverWasLookedFor() {
    Finding f =
        last(Installation.examine(NONE, "Linux", "amd64", "libcuda-that-is-not-there.so.1"));
    assertThat(f.value())
        .startsWith("the NVIDIA driver's libcuda-that-is-not-there.so.1 was not found")
        .contains("looked in the loader's folders")
        .contains("LD_LIBRARY_PATH");
    assertThat(f.remedy()).contains("apt-get install nvidia-driver").contains("--gpus all");
  }

  /// Opening the device says the same as the doctor.
  @Test
  void opensOrSaysWhatIsMissing() {
    List<Finding> findings = new CudaProvider().examine();
    Finding f = last(findings);
    if (f.remedy().isEmpty()) {
      assertThat(Device.of("cuda").name()).isEqualTo("cuda");
    } else {
      assertThatThrownBy(() -> Device.of("cuda"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("cuda: " + f.value() + "; " + f.remedy());
    }
  }

  @Test
  void saysWhereCublasWasLookedFor() {
    assertThatThrownBy(() -> new Libraries(List.of(folder), false).cublas(12))
        .hasMessageContaining(
            "libcublas.so.12 was not found: looked in the loader's folders and in [" + folder + "]")
        .hasMessageContaining("pip install nvidia-cublas-cu12")
        .hasMessageContaining("RETORT_CUDA_LIBRARIES");
    assertThatThrownBy(() -> NONE.cublas(13))
        .hasMessageContaining("libcublas.so.13 or libcublas.so.12 was not found")
        .hasMessageContaining("apt-get install libcublas-13-0");
    assertThatThrownBy(() -> NONE.cublas(11))
        .hasMessageContaining("the driver serves CUDA 11, and cuBLAS is needed from CUDA 12 on");
  }

  @Test
  void saysWhyACublasDoesNotLoad() throws IOException {
    Files.writeString(folder.resolve("libcublas.so.12"), "not a library");
    assertThatThrownBy(() -> new Libraries(List.of(folder), false).cublas(12))
        .isInstanceOf(Missing.class)
        .hasMessageContaining(folder.resolve("libcublas.so.12") + " doesn't load");
  }

  @Test
  void looksInToolkitsAndInPythonPackages() throws IOException {
    Path toolkit = Files.createDirectories(folder.resolve("cuda/lib64"));
    Path wheel =
        Files.createDirectories(
            folder.resolve("env/lib/python3.12/site-packages/nvidia/cublas/lib"));
    Path first = Files.createDirectories(folder.resolve("first"));
    Libraries found =
        Libraries.of(
            first.toString(),
            Map.of(
                "CUDA_HOME", folder.resolve("cuda").toString(),
                "VIRTUAL_ENV", folder.resolve("env").toString(),
                "LD_LIBRARY_PATH", ":" + folder.resolve("absent")));
    assertThat(found.folders()).startsWith(first, toolkit).contains(wheel);
    assertThat(found.folders()).doesNotContain(folder.resolve("absent"));
  }

  /// The vendor's own library, where there is one, has the functions that are bound.
  @Test
  void bindsTheVendorsLibrary() {
    Libraries here = Libraries.of(null, System.getenv());
    Libraries.Opened cublas = null;
    try {
      cublas = here.cublas(13);
    } catch (Missing e) {
      Assumptions.abort("no cuBLAS on this machine: " + e.getMessage());
    }
    var library = cublas.library();
    assertThat(Cublas.FUNCTIONS).allMatch(name -> library.find(name).isPresent());
  }
}
