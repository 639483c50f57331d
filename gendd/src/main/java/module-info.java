/// Generative Distribution Distillation, and every method it is compared with.
module retort.gendd {
  requires transitive retort.nn;

  exports retort.gendd;
  exports retort.gendd.diffusion;
  exports retort.gendd.generative;
  exports retort.gendd.gradcheck;
  exports retort.gendd.methods;
  exports retort.gendd.theory;
}
