package retort.experiments.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The arrows between the modules, and the few rules of the house that a program can check.
class ModulesTest {
  private static final Map<String, List<String>> MAY_USE =
      Map.of(
          "tensor", List.of(),
          "gpu", List.of("tensor"),
          "nn", List.of("tensor"),
          "gendd", List.of("nn", "tensor"),
          "experiments", List.of("gendd", "nn", "tensor"));

  /// A file longer than this holds more than one idea (a facade, which only lists, is the longest).
  private static final int LONGEST_FILE = 400;

  private static final Pattern REQUIRES =
      Pattern.compile("requires\\s+(?:transitive\\s+|static\\s+)*([\\w.]+);");
  private static final Pattern VAGUE =
      Pattern.compile(".*(Utils?|Manager|Impl|Helper)\\.java|Abstract.*\\.java");

  @Test
  void arrowsPointDownOnly() throws IOException {
    for (var module : MAY_USE.entrySet()) {
      List<String> retorts =
          required(module.getKey()).filter(name -> name.startsWith("retort.")).toList();
      assertThat(retorts)
          .as(module.getKey())
          .isSubsetOf(module.getValue().stream().map(name -> "retort." + name).toList());
    }
  }

  /// JUnit is there for those who use the gradient-check kit; nobody else needs it at run time.
  @Test
  void theStackNeedsTheJdkAlone() throws IOException {
    for (String module : List.of("tensor", "nn", "gendd")) {
      assertThat(required(module))
          .as(module)
          .allMatch(name ->
              name.startsWith("retort.")
                  || name.startsWith("jdk.")
                  || name.startsWith("java.")
                  || name.startsWith("org.junit."));
    }
  }

  @Test
  void vectorCodeStaysInOnePackage() throws IOException {
    for (Path file : Repository.sources()) {
      String name = Repository.name(file);
      if (name.contains("/retort/tensor/cpu/") || name.contains("/jmh/")) continue;
      assertThat(Files.readString(file))
          .as(name)
          .doesNotContainPattern("import (static )?jdk\\.incubator\\.vector");
    }
  }

  @Test
  void filesAreShortAndTheirNamesSaySomething() throws IOException {
    for (Path file : Repository.sources()) {
      assertThat(file.getFileName().toString())
          .as("a name that says what the class is")
          .doesNotMatch(VAGUE);
      assertThat(Files.readAllLines(file).size())
          .as(Repository.name(file) + ": lines")
          .isLessThanOrEqualTo(LONGEST_FILE);
    }
  }

  private static Stream<String> required(String module) throws IOException {
    Path descriptor = Repository.root().resolve(module).resolve("src/main/java/module-info.java");
    return REQUIRES
        .matcher(Files.readString(descriptor))
        .results()
        .map((MatchResult r) -> r.group(1));
  }
}
