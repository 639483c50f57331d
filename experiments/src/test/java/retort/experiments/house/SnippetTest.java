package retort.experiments.house;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every Java block of the documents compiles and runs ([Snippet] has the rule).
class SnippetTest {
  @TempDir Path workspace;

  @TestFactory
  List<DynamicTest> everyJavaBlockOfTheDocuments() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : documents()) {
      for (Snippet snippet : Snippet.of(document, Repository.name(document))) {
        tests.add(dynamicTest(snippet.toString(), () -> snippet.check(workspace)));
      }
    }
    return tests;
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path folder : List.of(Repository.root(), Repository.root().resolve("docs"))) {
      if (!Files.isDirectory(folder)) continue;
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
      }
    }
    return documents;
  }

  private void check(String block) throws Exception {
    Path document = Files.writeString(workspace.resolve("doc.md"), "# Title\n\n" + block);
    for (Snippet snippet : Snippet.of(document, "doc.md")) snippet.check(workspace);
  }

  @Test
  void runsABodyOfStatements() {
    assertThatThrownBy(() ->
            check(
                "```java\n"
                    + "import java.util.concurrent.atomic.AtomicInteger;\n"
                    + "var n = new AtomicInteger(3);\n"
                    + "List<Integer> l = List.of(1);\n"
                    + "if (n.get() == 3) throw new IOException(\"ran \" + l);\n"
                    + "```\n"))
        .hasMessageContaining("doc.md:4 failed: java.io.IOException: ran [1]");
  }

  @Test
  void runsAWholeFile() {
    assertThatThrownBy(() ->
            check(
                "```java\n"
                    + "public class Net {\n"
                    + "  public static void main(String[] args) {\n"
                    + "    throw new IllegalStateException(\"ran\");\n"
                    + "  }\n"
                    + "}\n"
                    + "```\n"))
        .hasMessageContaining("doc.md:4 failed: java.lang.IllegalStateException: ran");
    assertThatThrownBy(() ->
            check(
                "```java\n"
                    + "record Pair(int a) {}\n\n"
                    + "void main() {\n"
                    + "  throw new IllegalStateException(\"\" + new Pair(1));\n"
                    + "}\n"
                    + "```\n"))
        .hasMessageContaining("Pair[a=1]");
    assertThatCode(() -> check("```java\nrecord Pair(int a) {}\n```\n")).doesNotThrowAnyException();
  }

  @Test
  void compilesWithoutRunningWhatSaysSo() {
    assertThatCode(() -> check("```java compile-only\nthrow new IOException();\n```\n"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check("```java compile-only\nint x = \"text\";\n```\n"))
        .hasMessageContaining("doc.md:4 doesn't compile")
        .hasMessageContaining("incompatible types");
  }

  @Test
  void passesOverOtherBlocksAndRefusesUnknownMarks() {
    assertThatCode(() -> check("```text\nnot java\n```\n\n```sh\nls\n```\n"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check("```java ignore\nx\n```\n"))
        .hasMessageContaining("doc.md:3: unknown mark 'ignore'");
    assertThatThrownBy(() -> check("```java\nint x;\n"))
        .hasMessageContaining("doc.md:3: a fence that never ends");
  }
}
