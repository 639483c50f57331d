package retort.gpu;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where this machine keeps cuBLAS: the toolkit's folders, the system's, and those of Python
/// packages, which bring it along on many servers.
///
/// @param loaders whether the folders that the system's loader knows by itself are asked too
@SuppressWarnings("restricted") // the vendor's libraries are native
record Libraries(List<Path> folders, boolean loaders) {
  /// The folders there are, in the order they are asked.
  ///
  /// @param first a path list that goes before all others, or null
  /// @param environment as of the process
  static Libraries of(String first, Map<String, String> environment) {
    Set<Path> all = new LinkedHashSet<>();
    list(all, first);
    list(all, environment.get("RETORT_CUDA_LIBRARIES"));
    list(all, environment.get("LD_LIBRARY_PATH"));
    List<String> toolkits = new ArrayList<>(), prefixes = new ArrayList<>();
    for (String name : List.of("CUDA_HOME", "CUDA_PATH")) add(toolkits, environment.get(name));
    toolkits.addAll(List.of("/usr/local/cuda", "/opt/cuda"));
    for (String toolkit : toolkits) toolkit(all, Path.of(toolkit));
    for (Path toolkit : matching(Path.of("/usr/local"), "cuda-*")) toolkit(all, toolkit);
    all.add(Path.of("/usr/lib/x86_64-linux-gnu"));
    all.add(Path.of("/usr/lib64"));
    for (String name : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) add(prefixes, environment.get(name));
    if (environment.get("HOME") != null) prefixes.add(environment.get("HOME") + "/.local");
    prefixes.addAll(List.of("/opt/conda", "/usr/local", "/usr"));
    for (String prefix : prefixes) python(all, Path.of(prefix));
    return new Libraries(all.stream().filter(Files::isDirectory).toList(), true);
  }

  private static void add(List<String> to, String value) {
    if (value != null && !value.isBlank()) to.add(value);
  }

  private static void list(Set<Path> to, String paths) {
    if (paths == null) return;
    for (String p : paths.split(":")) if (!p.isBlank()) to.add(Path.of(p));
  }

  private static void toolkit(Set<Path> to, Path home) {
    to.add(home.resolve("lib64"));
    to.add(home.resolve("targets/x86_64-linux/lib"));
    to.add(home.resolve("lib"));
  }

  private static void python(Set<Path> to, Path prefix) {
    to.add(prefix.resolve("lib"));
    for (Path python : matching(prefix.resolve("lib"), "python3*")) {
      for (String packages : List.of("site-packages", "dist-packages")) {
        for (Path vendor : matching(python.resolve(packages).resolve("nvidia"), "*")) {
          to.add(vendor.resolve("lib"));
        }
      }
    }
  }

  private static List<Path> matching(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) return found;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      entries.forEach(found::add);
    } catch (IOException e) {
      return List.of(); // a folder that can't be read holds nothing for us
    }
    found.sort(java.util.Comparator.reverseOrder()); // the newest version first
    return found;
  }

  /// An opened cuBLAS and where it was found.
  record Opened(SymbolLookup library, String place) {}

  /// The newest cuBLAS that the driver can serve.
  ///
  /// @param driver the CUDA version of the driver, 13 for 13.0
  Opened cublas(int driver) {
    List<String> broken = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int major = driver; major >= OLDEST; major--) {
      String name = "libcublas.so." + major;
      names.add(name);
      for (Path folder : folders) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) continue;
        try {
          Path light = folder.resolve("libcublasLt.so." + major);
          if (Files.exists(light)) SymbolLookup.libraryLookup(light, Arena.global());
          return new Opened(
              SymbolLookup.libraryLookup(file, Arena.global()), file.toAbsolutePath().toString());
        } catch (IllegalArgumentException e) {
          broken.add(file + " doesn't load: " + e.getMessage());
        }
      }
      if (!loaders) continue;
      try {
        return new Opened(SymbolLookup.libraryLookup(name, Arena.global()), name);
      } catch (IllegalArgumentException e) {
        // the loader's own folders lack it too
      }
    }
    throw missing(names, broken, driver);
  }

  /// cuBLAS of CUDA 11 and before lacks functions that are used here.
  static final int OLDEST = 12;

  private Missing missing(List<String> names, List<String> broken, int driver) {
    String looked =
        "looked in the loader's folders and in "
            + (folders.isEmpty() ? "no other" : folders.toString());
    String found = broken.isEmpty() ? "" : "; " + String.join("; ", broken);
    if (names.isEmpty()) {
      return new Missing(
          "cublas",
          "the driver serves CUDA " + driver + ", and cuBLAS is needed from CUDA 12 on",
          "install a newer NVIDIA driver (525 or later)");
    }
    String name = String.join(" or ", names);
    return new Missing(
        "cublas",
        name + " was not found: " + looked + found,
        "install it: sudo apt-get install libcublas-"
            + driver
            + "-0 (or pip install nvidia-cublas"
            + (driver == 12 ? "-cu12" : "")
            + "), or name its folder in RETORT_CUDA_LIBRARIES");
  }
}
