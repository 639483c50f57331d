package retort.tensor;

/// How a device outside this module makes itself known to [Device#of], through `ServiceLoader`.
public interface DeviceProvider {
  /// The name a user types.
  String name();

  /// Opens the device, or throws an exception whose message says what is missing and what mends it.
  Device open();
}
