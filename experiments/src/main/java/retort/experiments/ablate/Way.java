package retort.experiments.ablate;

import retort.gendd.diffusion.Sampling;

/// A way of sampling that an ablation tries.
///
/// @param variant what sets it apart from the plain one, or empty
record Way(String variant, Sampling how) {
  Way(Sampling how) {
    this("", how);
  }
}
