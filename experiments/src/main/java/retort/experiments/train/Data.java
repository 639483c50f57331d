package retort.experiments.train;

import retort.experiments.recipe.Range;

/// Which images a run uses, and how: the `data` section of a recipe.
///
/// @param from `embedded`, a CIFAR-10 or CIFAR-100 archive or folder, or a folder of idx files
/// @param validation the share of the training images to hold out
/// @param perClass training images of each class, 0 for all
/// @param testPerClass test images of each class, 0 for all
/// @param augment whether training images are cropped and flipped at random
public record Data(
    String from,
    @Range(min = 0, max = 1) double validation,
    @Range(min = 0) int perClass,
    @Range(min = 0) int testPerClass,
    boolean augment) {}
