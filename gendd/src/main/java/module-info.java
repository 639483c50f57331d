/// Generative Distribution Distillation, and every method it is compared with.
module retort.gendd {
  requires transitive retort.nn;
}
