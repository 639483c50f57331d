package retort.nn;

import java.util.function.BiFunction;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// A parameter or buffer that a module has declared: a shape and how it begins. Its numbers exist
/// once [Module#on] has put the module on a device, so that the device and the seed are named once
/// for a whole net, and a net's size can be asked for without taking its memory.
public final class Declared<T extends Tensor> {
  private final Shape shape;
  private final BiFunction<Device, double[], T> make;
  private Init init;
  private T value;

  private Declared(Shape shape, Init init, BiFunction<Device, double[], T> make) {
    this.shape = shape;
    this.init = init;
    this.make = make;
  }

  static Declared<Parameter> parameter(Shape shape, Init init) {
    return new Declared<>(shape, init, (device, values) -> Parameter.of(device, shape, values));
  }

  static Declared<Tensor> buffer(Shape shape, Init init) {
    return new Declared<>(
        shape,
        init,
        (device, values) -> {
          Tensor t = Tensor.persistent(device, shape, new float[shape.size()]);
          t.set(values);
          return t;
        });
  }

  public Shape shape() {
    return shape;
  }

  /// Begins otherwise than its layer said.
  public void init(Init other) {
    if (value != null) {
      throw new IllegalStateException(
          "init: the values " + shape + " are on a device already; choose before Module.on");
    }
    init = other;
  }

  /// The tensor; refused before [Module#on].
  public T get() {
    if (value == null) {
      throw new IllegalStateException(
          "the module is on no device yet: call Module.on(device, seed, module) before using it");
    }
    return value;
  }

  boolean isPlaced() {
    return value != null;
  }

  void place(Device device, Philox draws) {
    value = make.apply(device, init.values(shape, draws));
  }
}
