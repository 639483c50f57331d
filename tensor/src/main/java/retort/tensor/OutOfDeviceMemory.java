package retort.tensor;

import java.util.Locale;

/// A device has no room left for a buffer. It says which operation asked, for how much, and what
/// the device holds already.
public final class OutOfDeviceMemory extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean named;

  /// @param asked bytes that were asked for
  /// @param held bytes that this program holds on the device
  /// @param total bytes that the device has
  public OutOfDeviceMemory(String device, long asked, long held, long total) {
    super(
        String.format(
            Locale.ROOT,
            "out of memory on %s: asked for %,d bytes while holding %,d of the device's %,d; take a"
                + " smaller batch or model",
            device,
            asked,
            held,
            total));
    named = false;
  }

  private OutOfDeviceMemory(String op, OutOfDeviceMemory cause) {
    super(op + ": " + cause.getMessage(), cause);
    named = true;
  }

  /// The same, in the name of an operation, unless one further in has given its own.
  OutOfDeviceMemory in(String op) {
    return named ? this : new OutOfDeviceMemory(op, this);
  }
}
