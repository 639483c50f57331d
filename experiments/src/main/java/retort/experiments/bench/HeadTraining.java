package retort.experiments.bench;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import retort.tensor.Shape;

/// One training step of the denoising head: every token of 64 images with some draws of a step and
/// a noise (eight make 2,048 rows), the losses of the mean and the variance, backward to the head
/// and the condition, and an update by AdamW. The draws stay the same and are made before the
/// clock. Steps are drawn from 1 on: step 0 has a loss of its own, which two rows in 2,048 would
/// need.
public record HeadTraining(int width, int draws) implements StepWork {
  public HeadTraining(int width) {
    this(width, 8);
  }

  public int rows() {
    return HeadShape.IMAGES * HeadShape.TOKENS * draws;
  }

  /// The diffusion's steps.
  public static final int STEPS = 1000;

  /// Of rows whose condition is struck out.
  private static final double DROPOUT = 0.2;

  public static final double RATE = 1e-4;
  public static final int COMPARED = 3;

  public static final String CONDITION = "z";
  public static final String CLEAN = "x0";
  public static final String NOISE = "eps";

  @Override
  public String name() {
    return "denoising head training step width " + width + ", " + rows() + " rows";
  }

  @Override
  public Family family() {
    return Family.HEAD;
  }

  @Override
  public double amount() {
    return rows();
  }

  @Override
  public SequencedMap<String, Shape> named() {
    var all = new LinkedHashMap<>(HeadShape.parameters(width));
    all.put(CONDITION, Shape.of(HeadShape.IMAGES, HeadShape.CONDITION));
    all.put(CLEAN, Shape.of(rows(), HeadShape.TOKEN));
    all.put(NOISE, Shape.of(rows(), HeadShape.TOKEN));
    return all;
  }

  /// The image of each row.
  public int[] image() {
    int[] image = new int[rows()];
    for (int i = 0; i < image.length; i++) image[i] = i / HeadShape.TOKENS % HeadShape.IMAGES;
    return image;
  }

  /// The place of each row's token.
  public int[] place() {
    int[] place = new int[rows()];
    for (int i = 0; i < place.length; i++) place[i] = i % HeadShape.TOKENS;
    return place;
  }

  /// 0 where the condition is struck out, else 1.
  public double[] keep() {
    var random = new SplittableRandom(2);
    double[] keep = new double[rows()];
    for (int i = 0; i < keep.length; i++) keep[i] = random.nextDouble() < DROPOUT ? 0 : 1;
    return keep;
  }

  /// The diffusion step of each row.
  public int[] steps() {
    var random = new SplittableRandom(3);
    int[] t = new int[rows()];
    for (int i = 0; i < t.length; i++) t[i] = random.nextInt(1, STEPS);
    return t;
  }
}
