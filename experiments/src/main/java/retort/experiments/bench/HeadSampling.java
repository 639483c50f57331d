package retort.experiments.bench;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import retort.tensor.Shape;

/// Generating the teacher's features of some images in 64 ancestral steps with guidance 2: the
/// paper's way of sampling. 64 images make 256 tokens. A peer is handed all the noise it needs,
/// ours draws it.
public record HeadSampling(int width, int images) implements StepWork {
  public static final int STEPS = 64;
  public static final double GUIDANCE = 2;

  /// The layer norm of the feature.
  public static final double EPS = 1e-5;

  public static final String FEATURE = "feature";
  public static final String NOISE = "noise";
  public static final String STEP_NOISE = "step noise";

  public HeadSampling(int width) {
    this(width, HeadShape.IMAGES);
  }

  public int tokens() {
    return images * HeadShape.TOKENS;
  }

  @Override
  public String name() {
    return STEPS + "-step guided sampling width " + width + ", " + tokens() + " tokens";
  }

  @Override
  public Family family() {
    return Family.SAMPLING;
  }

  @Override
  public double amount() {
    return tokens();
  }

  /// The head's parameters; `norm.weight` and `norm.bias` of the feature's layer norm; the
  /// student's features; the noise to begin with; and that of every step by its number.
  @Override
  public SequencedMap<String, Shape> named() {
    var all = new LinkedHashMap<>(HeadShape.parameters(width));
    all.put("norm.weight", Shape.of(HeadShape.CONDITION));
    all.put("norm.bias", Shape.of(HeadShape.CONDITION));
    all.put(FEATURE, Shape.of(images, HeadShape.CONDITION));
    all.put(NOISE, Shape.of(tokens(), HeadShape.TOKEN));
    all.put(STEP_NOISE, Shape.of(STEPS, tokens(), HeadShape.TOKEN));
    return all;
  }
}
