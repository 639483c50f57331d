package retort.experiments.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import retort.experiments.Failure;

/// The whole program in a folder, with as much of this Java as it needs: it runs on a machine of
/// the same kind that has nothing installed.
///
/// @param modules the program's modules: jars, or folders of classes
/// @param natives a folder of native libraries; left out where there is none
/// @param recipes the folder of recipes
record Bundle(List<Path> modules, Path natives, Path recipes) {
  /// Behind an interface of `java.management`, so that nobody names it: memory and processor.
  private static final String UNSEEN = "jdk.management";

  /// Makes the folder; it is there whole, or not at all.
  void write(Path to) throws IOException {
    Path whole = to.toAbsolutePath();
    if (Files.exists(whole)) {
      throw new Failure("the folder is there already", whole.toString(), "name another with --out");
    }
    Files.createDirectories(whole.getParent());
    Path making = Files.createTempDirectory(whole.getParent(), ".making");
    try {
      tool("jlink", link(making.resolve("runtime")));
      for (Path module : modules) copyModule(module, making.resolve("lib"));
      if (Files.isDirectory(natives)) copy(natives, making.resolve("native/lib"));
      copy(recipes, making.resolve("experiments/recipes"));
      script(making.resolve("bin/retort"));
      Files.setPosixFilePermissions(making, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(making, whole, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      if (Files.exists(making)) delete(making);
    }
  }

  private List<String> link(Path runtime) {
    return List.of(
        "--add-modules",
        String.join(",", needed()),
        "--no-header-files",
        "--no-man-pages",
        "--output",
        runtime.toString());
  }

  /// The JDK's modules that the program's name; those without a descriptor are looked through.
  private Set<String> needed() {
    Set<String> needed = new TreeSet<>(Set.of(UNSEEN));
    var ask = new ArrayList<>(List.of("--multi-release", "25", "--ignore-missing-deps"));
    ask.add("--print-module-deps");
    int options = ask.size();
    for (ModuleReference m : ModuleFinder.of(modules.toArray(Path[]::new)).findAll()) {
      if (m.descriptor().isAutomatic()) ask.add(Path.of(m.location().orElseThrow()).toString());
      for (Requires r : m.descriptor().requires()) {
        boolean always = !r.modifiers().contains(Requires.Modifier.STATIC);
        if (always && ModuleFinder.ofSystem().find(r.name()).isPresent()) needed.add(r.name());
      }
    }
    if (ask.size() > options) needed.addAll(List.of(tool("jdeps", ask).strip().split(",")));
    return needed;
  }

  /// Runs a tool of the JDK in this process; returns what it printed.
  private static String tool(String name, List<String> arguments) {
    ToolProvider tool =
        ToolProvider.findFirst(name)
            .orElseThrow(() ->
                new Failure(
                    "this Java has no " + name,
                    System.getProperty("java.home"),
                    "package from a JDK: ./retort package; a bundle can't make another"));
    var out = new StringWriter();
    int code =
        tool.run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(String[]::new));
    if (code != 0) {
      throw new Failure(
          name + " failed: " + out.toString().strip(),
          System.getProperty("java.home"),
          "a JDK that is whole has what it asks for: set JAVA_HOME to another");
    }
    return out.toString();
  }

  /// A folder of classes goes under its module's name, as the module path wants it.
  private static void copyModule(Path module, Path lib) throws IOException {
    Files.createDirectories(lib);
    if (!Files.isDirectory(module)) {
      Files.copy(module, lib.resolve(module.getFileName()));
      return;
    }
    for (var found : ModuleFinder.of(module).findAll()) {
      copy(module, lib.resolve(found.descriptor().name()));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path p : (Iterable<Path>) all::iterator) {
        Path there = to.resolve(from.relativize(p).toString());
        if (Files.isDirectory(p)) Files.createDirectories(there);
        else Files.copy(p, there);
      }
    }
  }

  private static void script(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (InputStream in = Bundle.class.getResourceAsStream("bundled-retort")) {
      Files.copy(in, file);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(p);
    }
  }

  /// What the folder holds, in bytes.
  static long size(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).mapToLong(p -> p.toFile().length()).sum();
    }
  }
}
