package retort.experiments.train;

import java.nio.file.Path;
import java.util.Optional;
import retort.experiments.recipe.Range;

/// Which images a run uses, and how: the `data` section of a recipe.
///
/// @param from `embedded`, a CIFAR-10 or CIFAR-100 archive or folder, a folder of idx files, or,
///   with `photographs`, a folder with `train` and `val` in it, a folder a class in each
/// @param validation the share of the training images to hold out
/// @param perClass training images of each class, 0 for all
/// @param testPerClass test images of each class, 0 for all
/// @param augment whether training images are cropped and flipped at random
/// @param imbalance how many times as many images the largest class keeps as the smallest, for
///   long-tailed versions of balanced data
/// @param photographs how images in files become inputs
/// @param lists the folder of ImageNet-LT's three lists, which then say what belongs to training,
///   validation and test
/// @param unlabelled a folder of images or of tar shards to train on instead; validation images are
///   then held out of the test images
/// @param mix how batches are mixed
public record Data(
    String from,
    @Range(min = 0, max = 1) double validation,
    @Range(min = 0) int perClass,
    @Range(min = 0) int testPerClass,
    boolean augment,
    @Range(min = 1) Optional<Double> imbalance,
    Optional<Photographs> photographs,
    Optional<Path> lists,
    Optional<Path> unlabelled,
    Optional<Mixing> mix) {

  /// Mixup and CutMix, one of them a batch.
  ///
  /// @param mixup the alpha of mixup, 0 for none
  /// @param cutmix the alpha of CutMix, 0 for none
  /// @param share the share of batches that CutMix gets where there are both
  public record Mixing(
      @Range(min = 0) double mixup,
      @Range(min = 0) double cutmix,
      @Range(min = 0, max = 1) double share) {}

  /// Small images, as they are or cropped and flipped.
  public static Data of(
      String from, double validation, int perClass, int testPerClass, boolean augment) {
    return new Data(
        from,
        validation,
        perClass,
        testPerClass,
        augment,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
