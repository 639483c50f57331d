package retort.nn.gradcheck;

import java.util.List;
import java.util.function.Supplier;
import retort.nn.Layer;
import retort.nn.Module;
import retort.tensor.Tensor;
import retort.tensor.gradcheck.GradientCase;
import retort.tensor.gradcheck.TensorProgram;

/// Gradient cases of modules: each device gets a module of its own, and all its parameters are
/// checked as inputs.
public final class ModuleCase {
  private static final long SEED = 1;

  /// How a module is called on the inputs of a case.
  @FunctionalInterface
  public interface Call<M> {
    Tensor on(M module, Tensor... x);
  }

  private ModuleCase() {}

  public static <M extends Module> GradientCase of(
      String name, String inputs, Supplier<M> make, Call<M> call) {
    return GradientCase.program(
        name,
        inputs,
        device -> {
          M module = Module.on(device, SEED, make.get());
          return new TensorProgram(
              x -> call.on(module, x), List.copyOf(module.parameters().values()));
        });
  }

  public static GradientCase of(String name, String inputs, Supplier<? extends Layer> make) {
    return of(name, inputs, make, (layer, x) -> layer.apply(x[0]));
  }
}
