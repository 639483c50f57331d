package retort.experiments.bench;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import retort.tensor.Shape;

/// Generating the teacher's features of 64 images, 256 tokens, in 64 ancestral steps with guidance
/// 2: the paper's way of sampling. A peer is handed all the noise it needs, ours draws it.
public record HeadSampling(int width) implements StepWork {
  public static final int STEPS = 64;
  public static final double GUIDANCE = 2;
  public static final int TOKENS = HeadShape.IMAGES * HeadShape.TOKENS;

  /// The layer norm of the feature.
  public static final double EPS = 1e-5;

  public static final String FEATURE = "feature";
  public static final String NOISE = "noise";
  public static final String STEP_NOISE = "step noise";

  @Override
  public String name() {
    return STEPS + "-step guided sampling width " + width + ", " + TOKENS + " tokens";
  }

  @Override
  public Family family() {
    return Family.SAMPLING;
  }

  @Override
  public double amount() {
    return TOKENS;
  }

  /// The head's parameters; `norm.weight` and `norm.bias` of the feature's layer norm; the
  /// student's features; the noise to begin with; and that of every step by its number.
  @Override
  public SequencedMap<String, Shape> named() {
    var all = new LinkedHashMap<>(HeadShape.parameters(width));
    all.put("norm.weight", Shape.of(HeadShape.CONDITION));
    all.put("norm.bias", Shape.of(HeadShape.CONDITION));
    all.put(FEATURE, Shape.of(HeadShape.IMAGES, HeadShape.CONDITION));
    all.put(NOISE, Shape.of(TOKENS, HeadShape.TOKEN));
    all.put(STEP_NOISE, Shape.of(STEPS, TOKENS, HeadShape.TOKEN));
    return all;
  }
}
