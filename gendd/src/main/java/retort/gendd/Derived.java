package retort.gendd;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/// A record that is like another but for one component: what Java has no expression for as long as
/// "Derived Record Creation" (JEP 468) is to come. Writing the constructor's call out for every
/// component of twelve hides the one that changes.
public final class Derived {
  private Derived() {}

  /// @param like a public record
  /// @param component the name of the one that differs
  /// @throws RuntimeException what the record's constructor refuses the value with
  public static <R extends Record> R of(R like, String component, Object value) {
    RecordComponent[] parts = like.getClass().getRecordComponents();
    Object[] values = new Object[parts.length];
    boolean found = false;
    try {
      for (int i = 0; i < parts.length; i++) {
        boolean differs = parts[i].getName().equals(component);
        values[i] = differs ? value : parts[i].getAccessor().invoke(like);
        found |= differs;
      }
      if (!found) {
        throw new IllegalArgumentException(
            like.getClass().getSimpleName()
                + " has no component '"
                + component
                + "'; it has "
                + Arrays.stream(parts).map(RecordComponent::getName).toList());
      }
      Class<?>[] types =
          Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
      @SuppressWarnings("unchecked")
      R derived = (R) like.getClass().getConstructor(types).newInstance(values);
      return derived;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) throw refused;
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("a public record is wanted, got " + like.getClass(), e);
    }
  }
}
