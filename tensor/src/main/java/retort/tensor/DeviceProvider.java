package retort.tensor;

import java.util.List;
import java.util.ServiceLoader;

/// How a device outside this module makes itself known to [Device#of], through `ServiceLoader`.
public interface DeviceProvider {
  /// Those of this program.
  static List<DeviceProvider> all() {
    return ServiceLoader.load(DeviceProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /// The name a user types.
  String name();

  /// Opens the device, or throws an exception whose message says what is missing and what mends it.
  Device open();

  /// What the device needs and what of it this machine has, in the order it is looked for. It fails
  /// on no machine.
  List<Finding> examine();

  /// One thing looked at.
  ///
  /// @param value what was found; or what is missing, and where it was looked for
  /// @param remedy the line that mends it; empty where nothing is missing
  record Finding(String what, String value, String remedy) {}
}
