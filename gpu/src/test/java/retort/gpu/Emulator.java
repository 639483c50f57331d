package retort.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A card made of software, so that every kernel, every launch and every call of the driver is
/// tried on machines without one: the same `.cu` files as C++ behind a library that has the
/// driver's name and functions, and a cuBLAS of plain loops beside it. JCuda and the device link to
/// them as they would to the vendor's.
///
/// A process has one driver. Where the emulated one is installed, no real card can be used.
@SuppressWarnings("restricted") // native libraries
public final class Emulator {
  private static final String DRIVER = "libcuda.so.1";
  private static final Pattern KERNEL = Pattern.compile("__global__ void (\\w+)\\(");

  private static Path folder;
  private static CudaDevice card;

  private Emulator() {}

  /// Builds the libraries, unless they are there already, and puts them in the driver's place. The
  /// test is skipped where that can't be done.
  public static synchronized void install() {
    if (folder != null) return;
    folder = libraries();
    System.load(folder.resolve(DRIVER).toString());
    System.setProperty("retort.cuda.libraries", folder.toString());
  }

  /// The folder of the libraries, for the loader of another process; the test is skipped where they
  /// can't be built.
  public static Path libraries() {
    boolean fits =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    Assumptions.assumeTrue(fits, "the emulated card needs Linux on x86-64, as CUDA does");
    Assumptions.assumeTrue(
        onPath("g++"), "the emulated card is made of C++, and there is no g++ on the PATH");
    return built();
  }

  /// [#install], but where this machine has a card: then that one, or what it lacks as the reason
  /// to skip the test.
  public static void installUnlessThereIsACard() {
    if (Files.exists(Path.of("/dev/nvidiactl"))) Card.assumed();
    else install();
  }

  /// The emulated card as a device, one for all tests of a process, so that they share its memory.
  static synchronized CudaDevice card() {
    install();
    if (card == null)
      card = new CudaDevice(Installation.open(), Precision.Choice.of(Precision.FLOAT32), false);
    return card;
  }

  static synchronized boolean isInstalled() {
    return folder != null;
  }

  /// What the card has unless a test takes it away.
  static final long ROOM = 8L << 30;

  /// How much more memory the card gives from now on.
  static void room(long bytes) {
    try {
      function("emulatorRoom", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG)).invokeExact(bytes);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// Whether works run as late as the driver may let them, or at once.
  static void late(boolean wanted) {
    try {
      function("emulatorLate", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
          .invokeExact(wanted ? 1 : 0);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// How often one of the driver's functions has been called, of launches and of graphs, or how
  /// often a `kernel` has run.
  static long calls(String function) {
    try (Arena arena = Arena.ofConfined()) {
      return (long)
          function(
                  "emulatorCalls",
                  FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS))
              .invokeExact(arena.allocateFrom(function));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    var library = SymbolLookup.libraryLookup(folder.resolve(DRIVER), Arena.global());
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
  }

  static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(p -> Files.isExecutable(Path.of(p, program)));
  }

  /// The module's folder, from wherever in the repository the test runs.
  static Path module() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("mvnw"))) at = at.getParent();
    return at.resolve("gpu");
  }

  private static Path built() {
    try {
      Path sources = module().resolve("src/test/emulator"),
          cuda = module().resolve("src/main/cuda");
      Path done = module().resolve("target/emulator").resolve(hash(files(sources), files(cuda)));
      if (Files.isDirectory(done)) return done;
      Files.createDirectories(done.getParent());
      Path making = Files.createTempDirectory(done.getParent(), "making");
      Files.writeString(making.resolve("kernels.inc"), kernels(cuda));
      List<String> driver = compiler("-O2", making, DRIVER);
      for (Path p : List.of(sources, cuda, making)) driver.add("-I" + p);
      for (String s : List.of("grid", "kernels", "streams", "graphs", "libcuda")) {
        driver.add(sources.resolve(s + ".cpp").toString());
      }
      run(driver);
      List<String> cublas = compiler("-O3", making, "libcublas.so.13");
      cublas.add(sources.resolve("libcublas.cpp").toString());
      cublas.addAll(List.of("-L" + making, "-l:" + DRIVER));
      run(cublas);
      // Another process may have been quicker.
      if (Files.isDirectory(done)) return done;
      return Files.move(making, done);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As the kernels are compiled for the card: no fused multiply-adds but those that are written.
  private static List<String> compiler(String optimisation, Path folder, String library) {
    return new ArrayList<>(
        List.of(
            "g++",
            "-std=c++17",
            optimisation,
            "-march=native",
            "-ffp-contract=off",
            "-Wall",
            "-Werror",
            "-shared",
            "-fPIC",
            "-Wl,-soname," + library,
            "-o",
            folder.resolve(library).toString()));
  }

  private static void run(List<String> command) throws IOException {
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(p.getInputStream().readAllBytes());
    try {
      if (p.waitFor() != 0) throw new AssertionError(String.join(" ", command) + "\n" + said);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  /// A line a kernel: its family and its name.
  private static String kernels(Path cuda) throws IOException {
    var lines = new StringBuilder();
    for (Path source : files(cuda)) {
      String family = source.getFileName().toString().replaceFirst("\\..*", "");
      KERNEL
          .matcher(Files.readString(source))
          .results()
          .forEach(r -> lines.append("KERNEL(" + family + ", " + r.group(1) + ")\n"));
    }
    return lines.toString();
  }

  @SafeVarargs
  private static String hash(List<Path>... files) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (List<Path> some : files) for (Path p : some) digest.update(Files.readAllBytes(p));
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
