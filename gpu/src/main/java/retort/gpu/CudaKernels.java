package retort.gpu;

/// All verbs, a family a file, as the kernels they start.
record CudaKernels(Launcher gpu, Cublas blas, Precision precision)
    implements Elementwise, Moves, Reductions, Products, Pools, Norms, Losses, Draws, Optimisers {}
