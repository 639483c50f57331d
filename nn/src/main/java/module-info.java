/// Neural-network modules, backbones, optimisers, data and checkpoints.
module retort.nn {
  requires transitive retort.tensor;

  exports retort.nn.data;
  exports retort.nn.io;
}
