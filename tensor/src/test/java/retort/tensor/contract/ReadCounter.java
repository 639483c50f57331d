package retort.tensor.contract;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import retort.tensor.Device;
import retort.tensor.Kernels;

/// The processor as a device that counts how often the host asks it for numbers: on a card the host
/// would wait each time for all that was asked before.
public final class ReadCounter {
  private final Device cpu = Device.cpu(1);
  private final Kernels kernels = counted(Kernels.class, cpu.kernels());
  private final Device device = counted(Device.class, cpu);
  private int reads;

  public Device device() {
    return device;
  }

  public int reads() {
    return reads;
  }

  private <T> T counted(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              boolean answers = method.getReturnType() == double.class; // a verb that does
              if (answers || method.getName().equals("read")) reads++;
              if (method.getName().equals("kernels")) return kernels;
              try {
                return method.invoke(target, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
