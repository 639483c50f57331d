package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The evidence that the kit works: every wrong backward of a catalogue is rejected, and the cause
/// is named. Prints its table.
class MutationTest {
  @Test
  void everyMutationIsRejectedAndMostAreNamed() {
    var table = new ArrayList<String>();
    var survivors = new ArrayList<String>();
    int made = 0;
    int named = 0;
    var subjects = new TreeSet<String>();
    for (Mutation mutation : Mutation.all()) {
      int here = 0;
      int right = 0;
      var said = new TreeSet<Cause>();
      for (Specimen specimen : Specimen.all()) {
        if (mutation.applies().test(specimen)) {
          GradientReport report = check(mutation.to().apply(specimen.f()), specimen);
          List<Cause> causes = report.failures().stream().map(Failure::cause).toList();
          if (report.passed()) {
            survivors.add(mutation.name() + " of " + specimen.name());
          }
          here++;
          right += causes.stream().anyMatch(mutation.causes()::contains) ? 1 : 0;
          said.addAll(causes);
          subjects.add(specimen.name());
        }
      }
      made += here;
      named += right;
      table.add("%-26s %2d made, %2d named; said %s".formatted(mutation.name(), here, right, said));
      assertThat(here).as(mutation.name() + " must apply somewhere").isPositive();
    }
    table.forEach(System.out::println);
    System.out.printf(
        "%d mutations of %d functions, %d named rightly%n", made, subjects.size(), named);
    assertThat(survivors).isEmpty();
    assertThat(Mutation.all()).hasSizeGreaterThanOrEqualTo(15);
    assertThat(subjects).hasSizeGreaterThanOrEqualTo(6);
    assertThat(named).isGreaterThanOrEqualTo((int) Math.ceil(0.8 * made));
  }

  @Test
  void theUnmutatedSpecimensAreRight() {
    for (Specimen specimen : Specimen.all()) {
      assertThatGradient(specimen.f()).named(specimen.name()).at(specimen.inputs()).matches();
    }
  }

  private static GradientReport check(Differentiable f, Specimen specimen) {
    return assertThatGradient(f).named(specimen.name()).at(specimen.inputs()).check();
  }
}
