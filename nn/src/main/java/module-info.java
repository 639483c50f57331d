module retort.nn {
  requires java.desktop; // decodes images
  requires transitive retort.tensor;

  exports retort.nn;
  exports retort.nn.backbone;
  exports retort.nn.data;
  exports retort.nn.gradcheck;
  exports retort.nn.io;
  exports retort.nn.onnx;
  exports retort.nn.optim;
}
