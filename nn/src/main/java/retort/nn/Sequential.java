package retort.nn;

import java.util.ArrayList;
import java.util.List;
import retort.tensor.Tensor;

/// Layers one after another, named `0`, `1`, ... or as they were added.
public final class Sequential extends Layer {
  private final List<Layer> layers = new ArrayList<>();

  public Sequential(Layer... layers) {
    for (Layer layer : layers) add(layer);
  }

  public Sequential add(Layer layer) {
    return add(Integer.toString(layers.size()), layer);
  }

  public Sequential add(String name, Layer layer) {
    layers.add(child(name, layer));
    return this;
  }

  public List<Layer> layers() {
    return List.copyOf(layers);
  }

  @Override
  protected Tensor forward(Tensor x) {
    for (Layer layer : layers) x = layer.apply(x);
    return x;
  }
}
