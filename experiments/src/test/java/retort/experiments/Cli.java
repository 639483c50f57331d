package retort.experiments;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/// A command line run in this process, and what it said.
public record Cli(int code, String out, String err) {
  /// Ten classes, five images each, small batches: a training takes a moment.
  private static final List<String> SMALL =
      List.of(
          "--set=data.per-class=5",
          "--set=data.test-per-class=2",
          "--set=data.validation=0.2",
          "--set=training.batch=16",
          "--set=training.warm-up=0");

  public static Cli run(Object... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] words = new String[args.length];
    for (int i = 0; i < words.length; i++) words[i] = args[i].toString();
    int code = Retort.run(new PrintWriter(out), new PrintWriter(err), words);
    return new Cli(code, out.toString(), err.toString());
  }

  /// [#run] of a training on few images.
  public static Cli small(Object... args) {
    List<Object> all = new ArrayList<>(List.of(args));
    all.addAll(SMALL);
    return run(all.toArray());
  }

  /// The words of [#small], for a process of its own.
  static List<String> smallWords(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(SMALL);
    return all;
  }
}
