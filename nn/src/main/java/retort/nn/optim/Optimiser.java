package retort.nn.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import retort.nn.Module;
import retort.tensor.Kernels;
import retort.tensor.Parameter;
import retort.tensor.Span;
import retort.tensor.Tensor;

/// Changes parameters by their gradients. It takes the trainable parameters of a module at the time
/// it is made, each by the first [ParameterGroup] that matches its path; the learning rate comes
/// from a [Schedule] at every step, so the optimiser itself has no notion of time but its count of
/// steps.
///
/// A parameter that no backward has reached since [#zeroGrad] is left as it is, decay included, as
/// in PyTorch.
public abstract sealed class Optimiser permits Sgd, AdamW, Lamb {
  /// @param state the tensors that go with the parameter, by name, such as its velocity
  record Entry(String path, Parameter parameter, ParameterGroup group, List<Tensor> state) {
    Kernels kernels() {
      return parameter.device().kernels();
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final long[] steps;

  Optimiser(Module module, int states, List<ParameterGroup> groups) {
    SequencedMap<String, Parameter> all = module.parameters();
    for (ParameterGroup g : groups) g.paths().select(all.keySet()); // refuses a group of nothing
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    all.forEach((path, p) -> {
      if (p.wantsGrad() && seen.add(p)) entries.add(entry(path, p, states, groups));
    });
    if (entries.isEmpty()) {
      throw new IllegalArgumentException(
          "optimiser: none of the " + all.size() + " parameters is trainable; unfreeze some");
    }
    steps = new long[entries.size()];
  }

  private static Entry entry(String path, Parameter p, int states, List<ParameterGroup> groups) {
    ParameterGroup group =
        groups.stream()
            .filter(g -> g.paths().matches(path))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "optimiser: no group takes '" + path + "'; end with ParameterGroup.all"));
    List<Tensor> state = new ArrayList<>();
    for (int i = 0; i < states; i++) {
      state.add(Tensor.persistent(p.device(), p.shape(), new float[p.shape().size()]));
    }
    return new Entry(path, p, group, state);
  }

  static double checked(String name, double beta) {
    if (beta >= 0 && beta < 1) return beta;
    throw new IllegalArgumentException(name + " must lie in [0, 1), got " + beta);
  }

  /// One step along the gradients.
  public final void step(double rate) {
    prepare();
    for (int i = 0; i < steps.length; i++) {
      Entry e = entries.get(i);
      Span gradient = e.parameter.gradSpan();
      if (gradient != null) update(e, gradient, rate * e.group.rate(), ++steps[i]);
    }
  }

  /// Called before the updates of a step, when all gradients are there.
  void prepare() {}

  /// @param step how many steps this parameter has taken, this one included
  abstract void update(Entry e, Span gradient, double rate, long step);

  /// What [Entry#state] is called in checkpoints, in its order.
  abstract List<String> stateNames();

  /// The next backward starts the gradients anew.
  public final void zeroGrad() {
    for (Entry e : entries) e.parameter.zeroGrad();
  }

  /// The Euclidean norm of all gradients as one vector. Reading it waits for the device.
  public final double gradientNorm() {
    double sum = 0;
    for (Span g : gradients()) sum += kernels().sumSquares(g);
    return Math.sqrt(sum);
  }

  /// Shortens all gradients by one factor so that their norm is at most `max` (Pascanu et al., "On
  /// the difficulty of training recurrent neural networks", arXiv 1211.5063).
  public final void clip(double max) {
    shorten(max, 1e-6); // PyTorch's guard against a norm of zero
  }

  final void shorten(double longest, double eps) {
    kernels().shorten(longest, eps, gradients());
  }

  private List<Span> gradients() {
    return entries.stream().map(e -> e.parameter.gradSpan()).filter(Objects::nonNull).toList();
  }

  private Kernels kernels() {
    return entries.getFirst().kernels();
  }

  /// The paths of the parameters it changes, with their groups.
  public final Map<String, ParameterGroup> groups() {
    Map<String, ParameterGroup> byPath = new LinkedHashMap<>();
    for (Entry e : entries) byPath.put(e.path, e.group);
    return byPath;
  }

  /// Its tensors for a checkpoint: `layer1.0.conv1.weight.velocity`.
  public final SequencedMap<String, Tensor> state() {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>();
    for (Entry e : entries) {
      for (int i = 0; i < e.state.size(); i++) {
        all.put(e.path + "." + stateNames().get(i), e.state.get(i));
      }
    }
    return all;
  }

  /// How many steps each parameter has taken, in the order of [#groups].
  public final long[] steps() {
    return steps.clone();
  }

  /// Goes on from these counts.
  public final void resume(long[] counts) {
    if (counts.length != steps.length) {
      throw new IllegalArgumentException(
          "optimiser: " + counts.length + " step counts for " + steps.length + " parameters");
    }
    System.arraycopy(counts, 0, steps, 0, steps.length);
  }
}
