package retort.nn.optim;

import java.util.List;
import retort.nn.Module;
import retort.nn.PathPattern;

/// Parameters that an optimiser treats alike, chosen by path.
///
/// @param rate what the step's learning rate is multiplied by
/// @param weightDecay the decay of these parameters
public record ParameterGroup(PathPattern paths, double rate, double weightDecay) {
  public ParameterGroup {
    if (!(rate >= 0 && weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "parameter group '%s': rate %s and weight decay %s must not be negative"
              .formatted(paths, rate, weightDecay));
    }
  }

  /// Every parameter.
  public static ParameterGroup all(double weightDecay) {
    return of("*", weightDecay);
  }

  public static ParameterGroup of(String pattern, double weightDecay) {
    return new ParameterGroup(new PathPattern(pattern), 1, weightDecay);
  }

  /// A group for each vector and number of a module, without decay: biases, the scales and shifts
  /// of normalisations, and their like.
  public static List<ParameterGroup> vectors(Module module) {
    return module.parameterShapes().entrySet().stream()
        .filter(e -> e.getValue().rank() <= 1)
        .map(e -> of(e.getKey(), 0))
        .toList();
  }
}
