package retort.experiments.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import retort.experiments.Failure;
import retort.experiments.recipe.Node.Mapping;
import retort.experiments.recipe.Node.Scalar;
import retort.experiments.recipe.Node.Sequence;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads YAML into [Node]s. Jackson's tree forgets line numbers, its token stream has them, so the
/// tree is built from the tokens.
final class Yaml {
  private final String source;
  private final JsonParser parser;

  private Yaml(String source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  static Mapping parse(String source, String text) {
    try (JsonParser parser = new YAMLMapper().createParser(text)) {
      var yaml = new Yaml(source, parser);
      JsonToken first = parser.nextToken();
      if (first == null) return new Mapping(Map.of(), Map.of(), new Origin(source, 1, 1));
      if (!(yaml.value(first) instanceof Mapping mapping)) {
        throw refusal("a recipe must be a mapping of keys to values", new Origin(source, 1, 1));
      }
      return mapping;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw refusal(
          "not well-formed YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""),
          at == null
              ? new Origin(source, 0, 0)
              : new Origin(source, at.getLineNr(), at.getColumnNr()));
    }
  }

  private Node value(JsonToken token) {
    Origin origin = here();
    return switch (token) {
      case START_OBJECT -> mapping(origin);
      case START_ARRAY -> sequence(origin);
      case VALUE_NULL -> throw refusal("a key without a value", origin);
      default -> new Scalar(parser.getString(), origin);
    };
  }

  private Mapping mapping(Origin origin) {
    Map<String, Node> entries = new LinkedHashMap<>();
    Map<String, Origin> keys = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Origin at = here();
      if (keys.putIfAbsent(key, at) != null) {
        throw refusal("the key '" + key + "' stands here a second time", at);
      }
      entries.put(key, value(parser.nextToken()));
    }
    return new Mapping(entries, keys, origin);
  }

  private Sequence sequence(Origin origin) {
    List<Node> items = new ArrayList<>();
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      items.add(value(t));
    }
    return new Sequence(items, origin);
  }

  private Origin here() {
    TokenStreamLocation at = parser.currentTokenLocation();
    return new Origin(source, at.getLineNr(), at.getColumnNr());
  }

  private static Failure refusal(String what, Origin origin) {
    return new Failure("recipe refused: " + what, origin.toString(), "correct that line");
  }
}
