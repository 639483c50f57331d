package retort.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import retort.experiments.recipe.Recipe;

class RunOptionsTest {
  @TempDir Path temp;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  record Seeded(long seed) {}

  @Command(name = "walk")
  static final class Walk implements Callable<Integer> {
    @Mixin RunOptions options;

    Seeded plan;

    @Override
    public Integer call() {
      return options.run(
          Seeded.class,
          () -> Recipe.parse("r", "seed: 3\n"),
          seeded -> {
            if (seeded.seed() < 0) throw new Failure("backwards", "r", "walk on");
            return run -> {
              plan = seeded;
              run.folder().writeResults(seeded);
            };
          });
    }
  }

  private Walk walk;

  private int walk(String... args) {
    walk = new Walk();
    CommandLine line = new CommandLine(walk);
    return Retort.equip(line, new PrintWriter(out), new PrintWriter(err)).execute(args);
  }

  private String folder() {
    return temp.resolve("a").toString();
  }

  @Test
  void leavesTheRecipeAsItIsUnlessGiven() {
    assertThat(walk("--out", folder())).isZero();
    assertThat(walk.plan.seed()).isEqualTo(3);
    assertThat(walk("--seed", "9", "--out", temp.resolve("b").toString())).isZero();
    assertThat(walk.plan.seed()).isEqualTo(9);
    assertThat(walk("--set", "seed=7", "--out", temp.resolve("c").toString())).isZero();
    assertThat(walk.plan.seed()).isEqualTo(7);
  }

  @Test
  void goesOnByTheRecipeOfTheFolderAlone() {
    assertThat(walk("--seed", "9", "--out", folder())).isZero();
    assertThat(walk("--resume", "--threads", "1", "--out", folder())).isZero();
    assertThat(walk.plan.seed()).isEqualTo(9);
    assertThat(walk("--resume", "--seed", "8", "--out", folder())).isEqualTo(2);
    assertThat(err.toString()).contains("--resume goes by the run's own recipe; leave out --seed");
  }

  @Test
  void takesTheNextFreeFolder() throws Exception {
    assertThat(RunOptions.nextFree(temp, "walk")).isEqualTo(temp.resolve("walk-1"));
    Files.createDirectory(temp.resolve("walk-1"));
    assertThat(RunOptions.nextFree(temp, "walk")).isEqualTo(temp.resolve("walk-2"));
  }

  @Test
  void refusesWhatCannotBe() {
    assertThat(walk("--threads=0")).isEqualTo(2);
    assertThat(err.toString()).contains("--threads must be at least 1, got 0");
    assertThat(walk("--resume")).isEqualTo(2);
    assertThat(err.toString()).contains("--out FOLDER");
    assertThat(walk("--seed=x")).isEqualTo(2);
    assertThat(err.toString()).contains("--seed");
    assertThat(walk("--set", "sead=3", "--out", folder())).isEqualTo(1);
    assertThat(err.toString()).contains("--set sead: unknown key 'sead'; did you mean 'seed'?");
  }

  @Test
  void aRefusedRunLeavesNoFolder() {
    assertThat(walk("--seed=-1", "--out", folder())).isEqualTo(1);
    assertThat(err.toString()).contains("backwards");
    assertThat(temp.resolve("a")).doesNotExist();
  }
}
