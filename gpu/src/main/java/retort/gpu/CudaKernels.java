package retort.gpu;

/// All verbs, a family a file, as the kernels they ask for.
record CudaKernels(Launcher gpu, Precision.Choice precisions)
    implements Elementwise, Moves, Reductions, Products, Pools, Norms, Losses, Draws, Optimisers {}
