package retort.experiments.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void alignsTextLeftAndNumbersRight() {
    Table table = new Table("model", "params").row("teacher", "1,234").row("kd", 78);
    assertThat(table)
        .hasToString(
            """
            model    params
            ───────  ──────
            teacher   1,234
            kd           78
            """);
  }

  @Test
  void refusesARowOfAnotherWidth() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Table("a", "b").row("x"))
        .withMessage("table: a row of 1 cells under a head of 2");
  }
}
