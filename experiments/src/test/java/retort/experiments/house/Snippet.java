package retort.experiments.house;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A block of a document fenced by ` ```java `, compiled and run. The rule for those who write
/// them:
///
/// - a block that declares a class, record, interface, enum or `void main` at its left edge is a
///   whole source file, and stands as it is; it is run where it has a `main`;
/// - any other block is a body of statements: its `import` lines are lifted out, the rest is put
///   into a `main` that may throw, and run;
/// - ` ```java compile-only ` is compiled and not run (it would train for minutes, or needs the
///   reader's files);
/// - a block stands alone: it sees nothing of the blocks before it. `java.base` is imported for
///   all.
///
/// What isn't meant to compile is fenced by ` ```text `.
record Snippet(String document, int line, boolean run, String code) {
  private static final Pattern FENCE = Pattern.compile("^```(\\S*)[ ]*(.*)$");
  private static final Pattern UNIT =
      Pattern.compile(
          "(?m)^((public|final|sealed|abstract|static) )*(class|record|interface|enum|@interface)"
              + " \\w|^(public |static )*void main\\(");
  private static final Pattern NAME =
      Pattern.compile("(?m)^public (?:\\w+ )*(?:class|record|interface|enum) (\\w+)");

  /// The blocks of one Markdown document.
  static List<Snippet> of(Path document, String name) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    List<String> lines = Files.readAllLines(document);
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (!fence.matches()) continue;
      int begin = i + 1;
      int end = begin;
      while (end < lines.size() && !lines.get(end).startsWith("```")) end++;
      if (end == lines.size())
        throw new IllegalArgumentException(name + ":" + begin + ": a fence that never ends");
      if (fence.group(1).equals("java")) {
        String mark = fence.group(2).strip();
        if (!mark.isEmpty() && !mark.equals("compile-only")) {
          throw new IllegalArgumentException(
              name
                  + ":"
                  + begin
                  + ": unknown mark '"
                  + mark
                  + "' after ```java; known: compile-only");
        }
        snippets.add(
            new Snippet(
                name, begin + 1, mark.isEmpty(), String.join("\n", lines.subList(begin, end))));
      }
      i = end;
    }
    return snippets;
  }

  /// Compiles and, unless it is not to be run, runs the block; fails with the place in the
  /// document.
  void check(Path workspace) throws Exception {
    Path classes = Files.createTempDirectory(workspace, "snippet");
    var messages = new StringWriter();
    var options =
        List.of(
            "-d",
            classes.toString(),
            "--release",
            "25",
            "-proc:none",
            "--class-path",
            System.getProperty("java.class.path"));
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(messages, null, null, options, null, List.of(source()))
            .call();
    if (!compiled) throw new AssertionError(this + " doesn't compile:\n" + messages);
    if (run) runMain(classes);
  }

  private void runMain(Path classes) throws Exception {
    try (var loader =
            new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, Snippet.class.getClassLoader());
        Stream<Path> files = Files.list(classes)) {
      for (Path file : files.sorted().toList()) {
        Class<?> unit =
            loader.loadClass(file.getFileName().toString().replaceFirst("\\.class$", ""));
        for (Method method : unit.getDeclaredMethods()) {
          if (method.getName().equals("main")) runMain(unit, method);
        }
      }
    } catch (InvocationTargetException e) {
      throw new AssertionError(this + " failed: " + e.getCause(), e.getCause());
    }
  }

  private static void runMain(Class<?> unit, Method main) throws ReflectiveOperationException {
    main.setAccessible(true);
    Object self = null;
    if (!Modifier.isStatic(main.getModifiers())) {
      var constructor = unit.getDeclaredConstructor();
      constructor.setAccessible(true);
      self = constructor.newInstance();
    }
    Object[] arguments =
        main.getParameterCount() == 0 ? new Object[0] : new Object[] {new String[0]};
    main.invoke(self, arguments);
  }

  private boolean isUnit() {
    return UNIT.matcher(code).find();
  }

  private String className() {
    Matcher named = NAME.matcher(code);
    return isUnit() && named.find() ? named.group(1) : "Snippet";
  }

  /// The block as a source file.
  private String text() {
    if (isUnit()) return code;
    var imports = new StringBuilder("import module java.base;\n");
    var body = new StringBuilder();
    code.lines()
        .forEach(line -> (line.startsWith("import ") ? imports : body).append(line).append('\n'));
    return imports + "void main() throws Exception {\n" + body + "}\n";
  }

  private JavaFileObject source() {
    return new SimpleJavaFileObject(
        URI.create("string:///" + className() + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text();
      }
    };
  }

  @Override
  public String toString() {
    return document + ":" + line;
  }
}
