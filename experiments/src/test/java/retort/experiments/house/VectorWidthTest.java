package retort.experiments.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Vectors of floats have one width in a program, that of `Lanes`. Of a second one the profiles of
/// the Vector API would tell, and C2 leave objects in everything it compiles from then on: now and
/// then, and many times slower, which no test of results and hardly one of speed shows.
class VectorWidthTest {
  private static final Pattern WIDTH =
      Pattern.compile("VectorSpecies\\.of\\(\\s*float|FloatVector\\.SPECIES_");

  @Test
  void onlyLanesChoosesAWidthOfFloats() throws IOException {
    List<String> choosing = new ArrayList<>();
    for (Path source : Repository.sources()) {
      boolean product = source.startsWith(Repository.root().resolve("tensor/src/main"));
      if (product && WIDTH.matcher(Files.readString(source)).find()) {
        choosing.add(source.getFileName().toString());
      }
    }
    assertThat(choosing).containsExactly("Lanes.java");
  }
}
