package retort.tensor.cpu;

/// All verbs, a family a file.
record CpuKernels(Workers workers)
    implements Elementwise,
        Moves,
        Reductions,
        Products,
        Pools,
        BatchNorms,
        LayerNorms,
        Modulations,
        Losses,
        Draws,
        Optimisers {}
