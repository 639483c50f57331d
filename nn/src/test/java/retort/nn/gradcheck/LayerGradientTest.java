package retort.nn.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import retort.nn.Module;
import retort.tensor.Device;
import retort.tensor.gradcheck.GradientCase;
import retort.tensor.gradcheck.junit.GradientTests;

/// Every layer and backbone block against differences: on the reference device, and in float32.
class LayerGradientTest {
  @Test
  void everyModuleHasAGradientCase() throws IOException {
    Set<String> covered =
        LayerCases.all().stream().map(GradientCase::name).collect(Collectors.toSet());
    List<Class<?>> modules = modules();
    assertThat(modules).hasSizeGreaterThan(10);
    for (Class<?> type : modules) {
      assertThat(covered)
          .as("LayerCases has no gradient case for " + type.getSimpleName())
          .contains(type.getSimpleName());
    }
  }

  /// The modules that users can make, found among the compiled classes.
  private static List<Class<?>> modules() throws IOException {
    Path classes =
        Path.of(Module.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    var found = new ArrayList<Class<?>>();
    for (String folder : List.of("retort/nn", "retort/nn/backbone")) {
      try (Stream<Path> files = Files.list(classes.resolve(folder))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".class"))
            .map(name -> folder.replace('/', '.') + "." + name.replace(".class", ""))
            .map(LayerGradientTest::load)
            .filter(Module.class::isAssignableFrom)
            .filter(type -> Modifier.isPublic(type.getModifiers()))
            .filter(type -> !Modifier.isAbstract(type.getModifiers()))
            .forEach(found::add);
      }
    }
    return found;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Module.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> reference() {
    return GradientTests.of(LayerCases.all());
  }

  @TestFactory
  Stream<DynamicTest> cpu() {
    return GradientTests.of(LayerCases.all(), Device.cpu(1));
  }
}
