package retort.tensor.reference;

/// All verbs, a family a file.
final class ReferenceKernels
    implements Elementwise, Moves, Reductions, Products, Pools, Norms, Losses, Draws, Optimisers {}
