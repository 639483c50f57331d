package retort.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.run.Json;
import retort.gpu.Emulator;
import tools.jackson.databind.JsonNode;

/// Commands on `--device cuda`: a real card where there is one, else the emulated one.
class CudaCommandTest {
  /// The emulated card takes a tenth of a second an image.
  private static final List<String> FEW =
      List.of("--set=data.per-class=2", "--set=data.test-per-class=1", "--set=data.validation=0.5");

  @TempDir static Path temp;

  @BeforeAll
  static void findACard() {
    Emulator.installUnlessThereIsACard();
    System.setProperty("retort.cuda.products", "float32");
  }

  @AfterAll
  static void forgetIt() {
    System.clearProperty("retort.cuda.products");
  }

  private static JsonNode losses(String device) throws Exception {
    Path folder = temp.resolve(device);
    List<Object> args = new ArrayList<>(List.of("train", "--model=resnet8", "--epochs=2"));
    args.addAll(List.of("--device", device, "--out", folder));
    args.addAll(FEW);
    args.addAll(List.of("--set=training.batch=8", "--set=training.warm-up=0"));
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    return Json.parse(Files.readString(folder.resolve("results.json"))).at("/outcomes/0/epochs");
  }

  /// The same draws, the same order of images: only roundings differ.
  @Test
  void trainsToTheLossesOfTheCpu() throws Exception {
    JsonNode cpu = losses("cpu"), cuda = losses("cuda");
    assertThat(cuda).hasSameSizeAs(cpu).hasSize(2);
    for (int i = 0; i < 2; i++) {
      double want = cpu.get(i).at("/losses/ce").asDouble();
      assertThat(cuda.get(i).at("/losses/ce").asDouble()).isCloseTo(want, within(1e-3 * want));
    }
  }

  /// A teacher, plain training, classic distillation and GenDD with its samplers.
  @Test
  void runsTheWholeQuickstart() {
    List<Object> args = new ArrayList<>(List.of("quickstart", "--budget=tiny", "--device=cuda"));
    args.addAll(List.of("--out", temp.resolve("quickstart")));
    args.addAll(FEW);
    for (String value :
        List.of(
            "teacher.model=resnet8",
            "teacher.training.epochs=1",
            "teacher.training.batch=8",
            "teacher.training.warm-up=0",
            "classic.batch=8",
            "first-stage.batch=8",
            "generative.batch=8",
            "gendd.width=16",
            "gendd.sampling.spacing.text=4",
            "pictured=10")) {
      args.add("--set=" + value);
    }
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).contains("gendd").contains("generated x5").contains("report.html");
  }

  @Test
  void measuresTheCardWithoutTheProcessorsPeak() throws Exception {
    Path json = temp.resolve("cuda.json");
    Cli cli =
        Cli.run(
            "bench", "--device=cuda", "--quick", "--rounds=1", "--only=add 16 KiB", "--json", json);
    assertThat(cli.code()).as(cli.err()).isZero();
    JsonNode report = Json.parse(Files.readString(json));
    assertThat(report.at("/device").asString()).isEqualTo("cuda");
    assertThat(report.at("/rulers")).isEmpty();
    assertThat(report.at("/rows/0/ours").asDouble()).isPositive();
  }
}
