package retort.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import retort.experiments.recipe.Recipe;

class RunOptionsTest {
  @TempDir Path temp;

  @Command(name = "walk")
  static final class Walk implements Runnable {
    @Mixin RunOptions options;

    @Override
    public void run() {}
  }

  record Seeded(long seed) {}

  private static RunOptions options(String... args) {
    var walk = new Walk();
    new CommandLine(walk).parseArgs(args);
    return walk.options;
  }

  @Test
  void leavesTheRecipeAsItIsUnlessGiven() {
    Recipe recipe = Recipe.parse("r", "seed: 3\n");
    assertThat(options().over(recipe).as(Seeded.class).seed()).isEqualTo(3);
    assertThat(options("--seed", "9").over(recipe).as(Seeded.class).seed()).isEqualTo(9);
  }

  @Test
  void takesTheNextFreeFolder() throws Exception {
    assertThat(RunOptions.nextFree(temp, "walk")).isEqualTo(temp.resolve("walk-1"));
    Files.createDirectory(temp.resolve("walk-1"));
    assertThat(RunOptions.nextFree(temp, "walk")).isEqualTo(temp.resolve("walk-2"));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> options("--threads=0").threads())
        .withMessage("--threads must be at least 1, got 0");
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> options("--resume").folder())
        .withMessageContaining("--out FOLDER");
    assertThatExceptionOfType(ParameterException.class)
        .isThrownBy(() -> options("--seed=x"))
        .withMessageContaining("--seed");
    assertThat(options("--out", temp.resolve("a").toString()).folder().path()).isDirectory();
    assertThat(options("--resume", "--out", temp.resolve("a").toString()).folder().path())
        .isDirectory();
  }
}
