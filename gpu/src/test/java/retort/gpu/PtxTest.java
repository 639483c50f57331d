package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The committed PTX: what nvcc makes of the sources, and machine code for every generation of
/// cards.
class PtxTest {
  private static final Pattern COMPILER = Pattern.compile("Cuda compilation tools, .*V(\\S+)");

  private static String ptx(String family) throws IOException {
    try (var in = Driver.class.getResourceAsStream(family + ".ptx")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everySourceIsAFamily() throws IOException {
    try (Stream<Path> sources = Files.list(Emulator.module().resolve("src/main/cuda"))) {
      assertThat(sources.map(p -> p.getFileName().toString()).filter(n -> n.endsWith(".cu")))
          .containsExactlyInAnyOrderElementsOf(
              Driver.FAMILIES.stream().map(f -> f + ".cu").toList());
    }
  }

  /// Every driver since CUDA 10 reads version 6.3; sm_75 is the first card that it knows.
  @Test
  void asksForTheLowestVersion() throws IOException {
    for (String family : Driver.FAMILIES) {
      assertThat(ptx(family).lines()).as(family).contains(".version 6.3", ".target sm_75");
    }
  }

  @Test
  void isWhatNvccMakesOfTheSources(@TempDir Path fresh) throws Exception {
    Assumptions.assumeTrue(Emulator.onPath("nvcc"), "no nvcc on the PATH to compile the kernels");
    String here = run("nvcc", "--version"), committed = ptx(Driver.FAMILIES.getFirst());
    Assumptions.assumeTrue(
        version(here).equals(version(committed)),
        "the PTX was made by nvcc " + version(committed) + ", here is " + version(here));
    run(Emulator.module().resolve("ptx").toString(), fresh.toString());
    for (String family : Driver.FAMILIES) {
      assertThat(Files.readString(fresh.resolve(family + ".ptx")))
          .as(family + ".ptx; make it anew with gpu/ptx")
          .isEqualTo(ptx(family));
    }
  }

  private static String version(String text) {
    Matcher m = COMPILER.matcher(text);
    if (!m.find()) throw new AssertionError("no version of nvcc in: " + text);
    return m.group(1);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(p.waitFor()).as(said).isZero();
    return said;
  }

  /// The compiler of CUDA 12.6 that JCuda brings needs no card. It is the one that drivers hold.
  @ParameterizedTest
  @ValueSource(ints = {75, 80, 86, 89, 90})
  void compilesForEveryGeneration(int architecture) throws IOException {
    try {
      JNvPTXCompiler.setExceptionsEnabled(false);
    } catch (UnsatisfiedLinkError e) {
      Assumptions.abort(
          "JCuda's PTX compiler doesn't link here: " + e.getMessage().lines().findFirst());
    }
    for (String family : Driver.FAMILIES) {
      byte[] text = ptx(family).getBytes(StandardCharsets.UTF_8);
      nvPTXCompilerHandle handle = new nvPTXCompilerHandle();
      assertThat(JNvPTXCompiler.nvPTXCompilerCreate(handle, text.length, text)).isZero();
      String[] options = {"--gpu-name=sm_" + architecture, "--verbose"};
      int result = JNvPTXCompiler.nvPTXCompilerCompile(handle, options.length, options);
      if (result != 0) fail(family + " for sm_" + architecture + ": " + errors(handle));
      long[] size = {0};
      JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize(handle, size);
      assertThat(size[0]).as(family).isGreaterThan(1000);
      // Numbers that don't fit the registers would go through memory.
      assertThat(information(handle)).as(family).doesNotContainPattern("[1-9]\\d* bytes spill");
      JNvPTXCompiler.nvPTXCompilerDestroy(handle);
    }
  }

  private static String errors(nvPTXCompilerHandle handle) {
    long[] size = {0};
    JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(handle, size);
    byte[] log = new byte[(int) size[0] + 1];
    JNvPTXCompiler.nvPTXCompilerGetErrorLog(handle, log);
    return new String(log, StandardCharsets.UTF_8);
  }

  private static String information(nvPTXCompilerHandle handle) {
    long[] size = {0};
    JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(handle, size);
    byte[] log = new byte[(int) size[0] + 1];
    JNvPTXCompiler.nvPTXCompilerGetInfoLog(handle, log);
    return new String(log, StandardCharsets.UTF_8);
  }
}
