package retort.gendd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.junit.jupiter.api.Test;
import retort.gendd.diffusion.Sampling;
import retort.gendd.generative.Centres;
import retort.gendd.generative.GenDDOptions;

class DerivedTest {
  @Test
  void differsInTheOneComponent() {
    Sampling guided = Derived.of(Sampling.PAPER, "guidance", 3.5);
    assertThat(guided.guidance()).isEqualTo(3.5);
    assertThat(guided.guidance(Sampling.PAPER.guidance())).isEqualTo(Sampling.PAPER);
  }

  /// A name that no component has would show only when the method is called: so all are.
  @Test
  void everyChangeOfTheOptionsChangesWhatItIsNamedAfter() throws Exception {
    changesEachComponent(GenDDOptions.SMALL);
    changesEachComponent(Sampling.PAPER);
  }

  private static void changesEachComponent(Record options) throws Exception {
    for (RecordComponent part : options.getClass().getRecordComponents()) {
      if (List.of("labels", "spacing").contains(part.getName())) continue; // set by other names
      Object value = another(part);
      Method change = options.getClass().getMethod(part.getName(), part.getType());
      Record changed = (Record) change.invoke(options, value);
      assertThat(part.getAccessor().invoke(changed)).as(part.getName()).isEqualTo(value);
    }
  }

  private static Object another(RecordComponent part) {
    return switch (part.getType().getSimpleName()) {
      case "double" -> 0.25;
      case "int" -> 7;
      case "boolean" -> true;
      case "String" -> part.getName().equals("predict") ? "clean" : "ddim";
      case "Kind" -> Centres.Kind.CLASS_MEAN;
      case "Sampling" -> Sampling.PAPER.samples(5);
      default -> throw new AssertionError("no other value for " + part);
    };
  }

  @Test
  void refusesWhatTheRecordRefuses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sampling.PAPER.samples(0))
        .withMessage("sampling wants at least 1 sample, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Derived.of(Sampling.PAPER, "scale", 2.0))
        .withMessageStartingWith("Sampling has no component 'scale'; it has [sampler, spacing,");
    record Hidden(int x) {}
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Derived.of(new Hidden(1), "x", 2))
        .withMessageStartingWith("a public record is wanted");
  }
}
