package retort.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// A part of a net: it declares parameters, buffers and child modules by name, and everything below
/// it has a dotted path, such as `layer1.0.conv1.weight`. Paths come in the order of declaration.
///
/// ```
/// final class Net extends Layer {
///   final Conv2d conv = child("conv", new Conv2d(1, 16, 3));
///   final Linear fc = child("fc", new Linear(16, 10));
///
///   protected Tensor forward(Tensor x) {
///     return fc.apply(conv.apply(x).relu().globalAvgPool());
///   }
/// }
/// Net net = Module.on(Device.cpu(), 1, new Net());
/// ```
///
/// A module that is a function of one tensor is a [Layer]; one with other inputs has methods of its
/// own, whose bodies run in [#call].
public abstract class Module {
  private final SequencedMap<String, Declared<Parameter>> parameters = new LinkedHashMap<>();
  private final SequencedMap<String, Declared<Tensor>> buffers = new LinkedHashMap<>();
  private final SequencedMap<String, Module> children = new LinkedHashMap<>();
  private final List<Consumer<Tensor>> taps = new ArrayList<>(0);
  private Module parent;
  private String name = "";
  private boolean training = true;

  protected Module() {}

  // ---- declaring

  protected final <M extends Module> M child(String childName, M module) {
    checkNew(childName);
    children.put(childName, module);
    Module m = module;
    m.parent = this;
    m.name = childName;
    return module;
  }

  protected final Declared<Parameter> parameter(String itsName, Shape shape, Init init) {
    checkNew(itsName);
    Declared<Parameter> p = Declared.parameter(shape, init);
    parameters.put(itsName, p);
    return p;
  }

  /// A tensor that is saved with the parameters but not trained, such as a running mean.
  protected final Declared<Tensor> buffer(String itsName, Shape shape, Init init) {
    checkNew(itsName);
    Declared<Tensor> b = Declared.buffer(shape, init);
    buffers.put(itsName, b);
    return b;
  }

  /// Takes back the declaration of a parameter, such as a bias that isn't wanted.
  protected final void undeclare(String itsName) {
    parameters.remove(itsName);
  }

  private void checkNew(String newName) {
    if (newName.isEmpty() || newName.contains(".")) {
      throw new IllegalArgumentException(
          "a name in a module must be non-empty and without dots, got '" + newName + "'");
    }
    if (parameters.containsKey(newName)
        || buffers.containsKey(newName)
        || children.containsKey(newName)) {
      throw new IllegalArgumentException(
          "module " + title() + " has a '" + newName + "' already; choose another name");
    }
  }

  // ---- placing

  /// Puts a module on a device: every parameter and buffer that has no numbers yet gets them, drawn
  /// from the seed and its path.
  public static <M extends Module> M on(Device device, long seed, M module) {
    ((Module) module)
        .walk(
            "",
            (path, m) -> {
              m.parameters.forEach((n, p) -> place(p, device, seed, join(path, n)));
              m.buffers.forEach((n, b) -> place(b, device, seed, join(path, n)));
            });
    return module;
  }

  /// [#on] with zeros in place of draws: for weights that are about to be loaded, and for counting.
  public static <M extends Module> M blank(Device device, M module) {
    ((Module) module)
        .walk(
            "",
            (path, m) -> {
              m.parameters.values().forEach(p -> p.init(Init.zeros()));
              m.buffers.values().forEach(b -> b.init(Init.zeros()));
            });
    return on(device, 0, module);
  }

  private static void place(Declared<?> declared, Device device, long seed, String path) {
    if (!declared.isPlaced()) declared.place(device, Philox.of(seed, path));
  }

  // ---- what there is

  /// Its path from the root of its tree, which begins with the root's own name if it has one.
  public final String path() {
    return parent == null ? name : join(parent.path(), name);
  }

  /// Names the root of a tree, for messages: `student`.
  public final void named(String newName) {
    name = newName;
  }

  /// Every parameter below, by path.
  public final SequencedMap<String, Parameter> parameters() {
    return collect((m, n) -> m.parameters.forEach((k, p) -> n.accept(k, p.get())));
  }

  /// Every buffer below, by path.
  public final SequencedMap<String, Tensor> buffers() {
    return collect((m, n) -> m.buffers.forEach((k, b) -> n.accept(k, b.get())));
  }

  /// Parameters and buffers by path: what a checkpoint holds.
  public final SequencedMap<String, Tensor> state() {
    return collect((m, n) -> {
      m.parameters.forEach((k, p) -> n.accept(k, p.get()));
      m.buffers.forEach((k, b) -> n.accept(k, b.get()));
    });
  }

  /// The shapes of all parameters by path; the module need not be on a device.
  public final SequencedMap<String, Shape> parameterShapes() {
    return collect((m, n) -> m.parameters.forEach((k, p) -> n.accept(k, p.shape())));
  }

  public final long parameterCount() {
    return parameterShapes().values().stream().mapToLong(Shape::size).sum();
  }

  /// Every module below by path, itself excepted.
  public final SequencedMap<String, Module> modules() {
    SequencedMap<String, Module> all = new LinkedHashMap<>();
    walk("", all::put);
    all.remove("");
    return all;
  }

  /// The module of a path; an unknown one is refused with the closest there is.
  public final Module find(String path) {
    SequencedMap<String, Module> all = modules();
    Module found = all.get(path);
    if (found == null) {
      throw new IllegalArgumentException(
          "module "
              + title()
              + " has no module '"
              + path
              + "'"
              + Nearest.hint(path, all.keySet())
              + "; at its top are "
              + String.join(", ", children.keySet()));
    }
    return found;
  }

  /// The device of its parameters.
  public final Device device() {
    return state().values().stream()
        .findFirst()
        .map(Tensor::device)
        .orElseThrow(() -> new IllegalStateException(title() + " has no parameters"));
  }

  // ---- changing how it runs

  public final boolean isTraining() {
    return training;
  }

  /// Normalises by the batch and drops out, here and below.
  public final void train() {
    walk("", (path, m) -> m.training = true);
  }

  /// Normalises by the running statistics and drops nothing, here and below.
  public final void eval() {
    walk("", (path, m) -> m.training = false);
  }

  /// Runs a body in evaluation mode, and puts each module's mode back.
  public final <R> R evaluating(Supplier<R> body) {
    List<Module> trained = new ArrayList<>();
    walk(
        "",
        (path, m) -> {
          if (m.training) trained.add(m);
        });
    eval();
    try {
      return body.get();
    } finally {
      for (Module m : trained) m.training = true;
    }
  }

  /// Stops the training of parameters by path; see [PathPattern]. Batch statistics still run in
  /// training mode.
  public final void freeze(String... patterns) {
    setTrainable(false, patterns);
  }

  public final void unfreeze(String... patterns) {
    setTrainable(true, patterns);
  }

  private void setTrainable(boolean trainable, String... patterns) {
    SequencedMap<String, Parameter> all = parameters();
    for (String pattern : patterns) {
      for (String p : new PathPattern(pattern).select(all.keySet()))
        all.get(p).trainable(trainable);
    }
  }

  /// Holds the outputs of modules by path in each forward from now on, until it is closed.
  public final Taps tap(String... paths) {
    return new Taps(this, List.of(paths));
  }

  // ---- running

  /// Runs a body of this module: its intermediate tensors end with it, a refusal of shapes is told
  /// with the module's path, and taps see the result.
  protected final Tensor call(Supplier<Tensor> body) {
    try {
      Tensor y = Tape.current().tidy(body);
      for (Consumer<Tensor> tap : taps) tap.accept(Tape.current().keep(y));
      return y;
    } catch (ShapeException e) {
      throw e.at(title());
    }
  }

  /// Whether a tap watches its output.
  public final boolean isTapped() {
    return !taps.isEmpty();
  }

  final void addTap(Consumer<Tensor> tap) {
    taps.add(tap);
  }

  final void removeTap(Consumer<Tensor> tap) {
    taps.remove(tap);
  }

  // ---- walking

  private String title() {
    String path = path();
    return path.isEmpty() ? getClass().getSimpleName() : path;
  }

  private void walk(String path, BiConsumer<String, Module> visit) {
    visit.accept(path, this);
    children.forEach((n, m) -> m.walk(join(path, n), visit));
  }

  private <T> SequencedMap<String, T> collect(BiConsumer<Module, BiConsumer<String, T>> visit) {
    SequencedMap<String, T> all = new LinkedHashMap<>();
    walk("", (path, m) -> visit.accept(m, (n, value) -> all.put(join(path, n), value)));
    return all;
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : name.isEmpty() ? path : path + "." + name;
  }
}
