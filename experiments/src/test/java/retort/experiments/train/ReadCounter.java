package retort.experiments.train;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import retort.tensor.Device;

/// Counts how often the host waits for numbers of a device.
final class ReadCounter {
  private final Device cpu = Device.cpu();
  private int reads;

  /// The processor's, counted.
  Device device() {
    Class<?>[] type = {Device.class};
    return (Device)
        Proxy.newProxyInstance(
            Device.class.getClassLoader(),
            type,
            (proxy, method, args) -> {
              if (method.getName().equals("read")) reads++;
              try {
                return method.invoke(cpu, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  int reads() {
    return reads;
  }
}
