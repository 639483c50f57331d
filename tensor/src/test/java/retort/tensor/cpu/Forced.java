package retort.tensor.cpu;

import java.io.IOException;
import java.io.InputStream;
import retort.tensor.Device;

/// CPU devices made under a system property, in a JVM that has others: the package of the kernels
/// is loaded afresh, so that what its classes read once at their start, they read again. The width
/// stays a constant for C2, as in a JVM of its own, and no JVM needs starting.
final class Forced extends ClassLoader {
  private static final String PACKAGE = "retort.tensor.cpu.";

  private final String property;
  private final String value;

  Forced(String property, String value) {
    super(Forced.class.getClassLoader());
    this.property = property;
    this.value = value;
  }

  Device device(int threads) {
    String before = System.setProperty(property, value);
    try {
      Class<?> device = loadClass(PACKAGE + "CpuDevice");
      Device d = (Device) device.getConstructor(int.class).newInstance(threads);
      for (Class<?> c :
          new Class<?>[] {loadClass(PACKAGE + "Simd"), loadClass(PACKAGE + "Lanes")}) {
        Class.forName(c.getName(), true, this); // reads its property now
      }
      return d;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    } finally {
      if (before == null) System.clearProperty(property);
      else System.setProperty(property, before);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(PACKAGE)) return super.loadClass(name, resolve);
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? findClass(name) : known;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = getParent().getResourceAsStream(file)) {
      if (in == null) throw new ClassNotFoundException(name);
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
