package retort.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import retort.tensor.DeviceProvider.Finding;

/// What this machine has of CUDA, found step by step: each step says what it found, or is
/// [Missing]. Libraries are looked for before they are linked to, for a failed link is an error of
/// the JVM's that explains nothing.
@SuppressWarnings("restricted") // the vendor's libraries are native
final class Installation {
  private static final String DRIVER = "libcuda.so.1";

  /// The oldest cards whose code the kernels are compiled for: Turing.
  private static final int OLDEST_CARD = 75;

  private static Installation opened;

  private final List<Finding> findings = new ArrayList<>();
  private final Libraries libraries;
  private Driver driver;
  private Cublas products;

  private Installation(Libraries libraries) {
    this.libraries = libraries;
  }

  /// One for the process, as the driver keeps one context a card.
  static synchronized Installation open() {
    if (opened == null) {
      Installation i = here();
      i.look(System.getProperty("os.name"), System.getProperty("os.arch"), DRIVER);
      opened = i;
    }
    return opened;
  }

  /// What was found, up to what is missing.
  static synchronized List<Finding> examine() {
    if (opened != null) return opened.findings;
    Installation i = here();
    return i.examine(System.getProperty("os.name"), System.getProperty("os.arch"), DRIVER);
  }

  private static Installation here() {
    return new Installation(
        Libraries.of(System.getProperty("retort.cuda.libraries"), System.getenv()));
  }

  /// [#examine] of a machine that may be another, for the tests.
  static List<Finding> examine(Libraries libraries, String os, String arch, String driver) {
    return new Installation(libraries).examine(os, arch, driver);
  }

  private List<Finding> examine(String os, String arch, String driver) {
    try {
      look(os, arch, driver);
    } catch (Missing e) {
      findings.add(e.finding());
    } catch (IllegalStateException e) { // an answer of the driver or of cuBLAS
      findings.add(new Finding("cuda", e.getMessage(), "a newer driver; nvidia-smi tells more"));
    }
    return findings;
  }

  Driver driver() {
    return driver;
  }

  Cublas products() {
    return products;
  }

  private void look(String os, String arch, String driverLibrary) {
    if (!os.equals("Linux") || !arch.equals("amd64")) {
      throw new Missing(
          "cuda",
          "no CUDA on " + os + " " + arch + ": its libraries are there for Linux on x86-64",
          "use --device cpu");
    }
    findDriver(driverLibrary);
    linkDriver();
    int version = version();
    CUdevice card = card();
    Libraries.Opened cublas = libraries.cublas(version / 1000);
    driver = new Driver(card);
    products = new Cublas(cublas.library(), driver);
    int v = products.version();
    found("cublas", v / 10_000 + "." + v / 100 % 100 + ", " + cublas.place());
    found("kernels", Driver.FAMILIES.size() + " families loaded");
  }

  private void found(String what, String value) {
    findings.add(new Finding(what, value, ""));
  }

  private static void findDriver(String library) {
    try {
      SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      String path = System.getenv("LD_LIBRARY_PATH");
      throw new Missing(
          "cuda",
          "the NVIDIA driver's "
              + library
              + " was not found: looked in the loader's folders (ldconfig -p lists them) and in"
              + " LD_LIBRARY_PATH, which is "
              + (path == null ? "not set" : path),
          "install the driver: sudo apt-get install nvidia-driver-580-server; in a container, start"
              + " it with --gpus all");
    }
  }

  private static void linkDriver() {
    try {
      JCudaDriver.setExceptionsEnabled(false); // links; results are looked at here
    } catch (LinkageError e) {
      throw new Missing(
          "cuda",
          "JCuda's native library doesn't link: " + e.getMessage().lines().findFirst().orElse(""),
          "start with ./retort, or a package with bin/retort: they name the folder of that library;"
              + " glibc must be 2.29 or later");
    }
  }

  private int version() {
    int result = JCudaDriver.cuInit(0);
    if (result != CUresult.CUDA_SUCCESS) {
      throw new Missing(
          "cuda",
          "the driver doesn't start: cuInit gives " + CUresult.stringFor(result),
          "nvidia-smi tells more; after an update of the driver, reboot");
    }
    int[] v = {0};
    Driver.check("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(v));
    found("cuda", "driver for CUDA " + v[0] / 1000 + "." + v[0] / 10 % 100);
    return v[0];
  }

  private CUdevice card() {
    int[] count = {0};
    Driver.check("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
    if (count[0] == 0) {
      throw new Missing(
          "card",
          "the driver sees no card; CUDA_VISIBLE_DEVICES is "
              + System.getenv("CUDA_VISIBLE_DEVICES"),
          "unset CUDA_VISIBLE_DEVICES, or choose a machine with a card");
    }
    CUdevice card = new CUdevice();
    Driver.check("cuDeviceGet", JCudaDriver.cuDeviceGet(card, 0));
    int capability = Driver.capability(card);
    long[] bytes = {0};
    Driver.check("cuDeviceTotalMem", JCudaDriver.cuDeviceTotalMem(bytes, card));
    String name = Driver.name(card) + ", sm_" + capability + ", " + (bytes[0] >> 20) + " MiB";
    if (capability < OLDEST_CARD) {
      throw new Missing(
          "card", name + " is older than sm_" + OLDEST_CARD, "use a card of 2018 or later");
    }
    found("card", name);
    return card;
  }
}
