package retort.experiments.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The links of the documents lead somewhere. One that names a member and a line, such as
/// ``[`Diffusion.qSample`](../gendd/../Diffusion.java#L54)``, leads to its declaration or near it:
/// files move on a little without the documents.
class LinkTest {
  /// As many lines may have come or gone above the declaration: a reader still sees it.
  private static final int NEAR = 15;

  private static final Pattern LINK =
      Pattern.compile("\\[([^\\]]*)\\]\\(([^)#:]+)(?:#L(\\d+))?\\)");

  @Test
  void theLinksOfTheDocumentsResolve() throws IOException {
    List<String> broken = new ArrayList<>();
    try (Stream<Path> found = Files.walk(Repository.root().resolve("docs"))) {
      for (Path document : found.filter(f -> f.toString().endsWith(".md")).toList()) {
        check(document, broken);
      }
    }
    assertThat(broken).isEmpty();
  }

  private static void check(Path document, List<String> broken) throws IOException {
    Matcher link = LINK.matcher(Files.readString(document));
    while (link.find()) {
      Path target = document.resolveSibling(link.group(2)).normalize();
      if (!Files.exists(target)) broken.add(document.getFileName() + ": no file " + link.group(2));
      else if (link.group(3) != null) {
        String why = member(target, link.group(1), Integer.parseInt(link.group(3)));
        if (!why.isEmpty()) broken.add(document.getFileName() + ": " + link.group() + ": " + why);
      }
    }
  }

  /// What is wrong with a link to a member, or nothing.
  private static String member(Path file, String text, int line) throws IOException {
    String member = text.replace("`", "").replaceFirst(".*\\.", "");
    Pattern declared = Pattern.compile("^  \\S.*\\b" + member + "\\(.*|^  " + member + " \\{");
    List<String> lines = Files.readAllLines(file);
    int nearest = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (!declared.matcher(lines.get(i)).matches() || lines.get(i).strip().startsWith("///"))
        continue;
      if (nearest < 0 || Math.abs(i + 1 - line) < Math.abs(nearest - line)) nearest = i + 1;
    }
    if (nearest < 0) return "the file declares no " + member;
    return Math.abs(nearest - line) <= NEAR ? "" : "it is declared in line " + nearest;
  }

  @Test
  void aBrokenLinkIsFound() throws IOException {
    Path file =
        Repository.root().resolve("gendd/src/main/java/retort/gendd/diffusion/Diffusion.java");
    assertThat(member(file, "`Diffusion.gone`", 1)).isEqualTo("the file declares no gone");
    assertThat(member(file, "`Diffusion.qSample`", 1)).startsWith("it is declared in line ");
  }
}
