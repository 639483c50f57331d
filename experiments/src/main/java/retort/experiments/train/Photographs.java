package retort.experiments.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import retort.experiments.recipe.Range;
import retort.nn.data.ColourJitter;
import retort.nn.data.Geometry;
import retort.nn.data.Normalisation;
import retort.nn.data.RandAugment;
import retort.nn.data.Resample;
import retort.nn.data.Transform;

/// How photographs of any size become inputs of one, as ImageNet's trainings have it.
///
/// @param size height and width of the inputs
/// @param cropFrom the smallest share of a photograph that a random crop shows
/// @param jitter how far brightness, contrast and saturation are changed
/// @param randAugment two random operations a view (arXiv 1909.13719)
/// @param resize the shorter side of test images, out of whose middle the input is cut
public record Photographs(
    @Range(min = 1) int size,
    @Range(min = 0, max = 1) double cropFrom,
    @Range(min = 0, max = 1) double jitter,
    boolean randAugment,
    @Range(min = 1) int resize) {

  /// What a training sees otherwise than the data say.
  public record Look(
      @Range(min = 0, max = 1) Optional<Double> cropFrom,
      @Range(min = 0, max = 1) Optional<Double> jitter,
      @Range(min = 1) Optional<Integer> resize) {}

  public Photographs {
    if (resize < size) {
      throw new IllegalArgumentException(
          "test images resized to " + resize + " are smaller than the inputs of " + size);
    }
  }

  Photographs seen(Look how) {
    return new Photographs(
        size,
        how.cropFrom().orElse(cropFrom),
        how.jitter().orElse(jitter),
        randAugment,
        how.resize().orElse(resize));
  }

  List<Transform> training() {
    List<Transform> all = new ArrayList<>();
    all.add(new Geometry.RandomResizedCrop(size, cropFrom, 1, Resample.BILINEAR));
    all.add(new Transform.RandomFlip());
    if (randAugment) all.add(RandAugment.standard(Normalisation.imageNet()));
    if (jitter > 0) all.add(new ColourJitter(jitter, jitter, jitter));
    return all;
  }

  List<Transform> testing() {
    return List.of(
        new Geometry.ResizeShort(resize, Resample.BILINEAR), new Geometry.CenterCrop(size));
  }
}
