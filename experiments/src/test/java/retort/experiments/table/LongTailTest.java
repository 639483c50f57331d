package retort.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.SharedData;
import retort.experiments.run.Json;
import tools.jackson.databind.JsonNode;

/// A tiny CIFAR-100-LT run of real images, from the row to the bars of its page.
class LongTailTest {
  @TempDir Path temp;

  @Test
  void theReportShowsManyMediumAndFew() throws IOException {
    Path out = temp.resolve("tables"), page = temp.resolve("report.html");
    Cli table =
        Cli.run(
            "table",
            "cifar100-lt",
            "--scale=tiny",
            "--rows=if100",
            "--methods=plain,kd",
            "--data=" + SharedData.file("cifar-100-binary.tar.gz"),
            "--out=" + out,
            "--set=teacher.model=resnet8",
            "--set=student=resnet8");
    assertThat(table.err()).isEmpty();
    Path run = out.resolve("cifar100-lt/if100/tiny");
    JsonNode kd = Json.parse(Files.readString(run.resolve("seed-1/kd.outcome.json")));
    assertThat(kd.at("/readings/0/shots").propertyNames()).containsExactly("many", "medium", "few");
    for (String shot : new String[] {"many", "medium", "few"}) {
      assertThat(table.out()).containsPattern("if100  kd +student +" + shot + " +- +\\d+\\.\\d\\d");
    }
    assertThat(Cli.run("report", run, "--out", page).err()).isEmpty();
    assertThat(Files.readString(page))
        .contains("aria-label=\"Accuracy by the number of training images\"")
        .contains("kd, many", "kd, medium", "kd, few", "plain, few");
  }
}
