package retort.experiments.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import retort.experiments.terminal.Table;

/// A report as one HTML file that needs nothing else: style and drawings are inside, there are no
/// scripts, and it follows the reader's light or dark theme.
public final class Page {
  private final String title;
  private final StringBuilder body = new StringBuilder();
  private final List<String> figures = new ArrayList<>();

  public Page(String title, String lead) {
    this.title = title;
    element("h1", title);
    body.append("<p class=\"lead\">").append(Svg.escape(lead)).append("</p>\n");
  }

  public Page section(String heading) {
    element("h2", heading);
    return this;
  }

  public Page paragraph(String words) {
    element("p", words);
    return this;
  }

  /// A paragraph that a hurried reader must not miss.
  public Page note(String words) {
    body.append("<p class=\"note\">").append(Svg.escape(words)).append("</p>\n");
    return this;
  }

  /// @param svg from one of the charts of this package
  public Page figure(String svg, String caption) {
    figures.add(svg);
    body.append("<figure>\n").append(svg);
    element("figcaption", caption);
    body.append("</figure>\n");
    return this;
  }

  public Page table(Table table) {
    body.append("<div class=\"scroll\"><table>\n<thead>");
    row(table, table.head(), "th");
    body.append("</thead>\n<tbody>\n");
    for (List<String> cells : table.rows()) row(table, cells, "td");
    body.append("</tbody></table></div>\n");
    return this;
  }

  private void row(Table table, List<String> cells, String tag) {
    body.append("<tr>");
    for (int c = 0; c < cells.size(); c++) {
      body.append('<').append(tag).append(table.isNumeric(c) ? " class=\"number\">" : ">");
      body.append(Svg.escape(cells.get(c))).append("</").append(tag).append('>');
    }
    body.append("</tr>\n");
  }

  /// Text as it is, folded away under a heading: a manifest, a resolved recipe.
  public Page folded(String heading, String text) {
    body.append("<details>\n");
    element("summary", heading);
    element("pre", text);
    body.append("</details>\n");
    return this;
  }

  private void element(String tag, String words) {
    body.append('<')
        .append(tag)
        .append('>')
        .append(Svg.escape(words))
        .append("</")
        .append(tag)
        .append(">\n");
  }

  public String html() {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body>
    <main>
    %s</main>
    </body>
    </html>
    """
        .formatted(Svg.escape(title), style(), body);
  }

  /// Every figure so far as a drawing that stands alone, with its style inside.
  public List<String> figures() {
    String style = "<style>\n" + style() + "svg { background: var(--card); }\n</style>\n";
    return figures.stream()
        .map(svg -> svg.replaceFirst("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" "))
        .map(svg -> svg.replaceFirst(">\n", ">\n" + Matcher.quoteReplacement(style)))
        .toList();
  }

  private static String style() {
    try (InputStream css = Page.class.getResourceAsStream("page.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
