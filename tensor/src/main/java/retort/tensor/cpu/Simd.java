package retort.tensor.cpu;

/// Whether the kernels may use the Vector API, decided once.
///
/// The module `jdk.incubator.vector` is there wherever Retort runs as modules; on the class path it
/// takes `--add-modules jdk.incubator.vector`. Without it every vector kernel has a scalar sibling,
/// and one line on System.err says so. This class touches nothing of the module: ask it before
/// loading a class that does.
final class Simd {
  /// `-Dretort.vector=false` asks for the scalar siblings.
  static final boolean ON = decide();

  private Simd() {}

  private static boolean decide() {
    if (!Boolean.parseBoolean(System.getProperty("retort.vector", "true"))) return false;
    boolean there = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    if (!there) {
      System.err.println(
          "retort: the module jdk.incubator.vector is absent, kernels run scalar and many times"
              + " slower; start java with --add-modules jdk.incubator.vector");
    }
    return there;
  }
}
