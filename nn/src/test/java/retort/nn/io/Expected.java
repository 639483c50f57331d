package retort.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import retort.nn.SharedData;

/// What other programs (torch, numpy) say that the shared files hold: shapes, sums, first values.
final class Expected {
  private Expected() {}

  /// Checks every array of expected.json; the types as the file at hand writes them.
  static void check(ArrayFile file) throws IOException {
    Map<?, ?> expected =
        (Map<?, ?>) Json.parse(Files.readString(SharedData.file("formats/expected.json")));
    assertThat(expected).hasSize(11);
    for (Map.Entry<?, ?> entry : expected.entrySet()) {
      Map<?, ?> facts = (Map<?, ?>) entry.getValue();
      StoredArray array = file.get((String) entry.getKey());
      assertThat(array.shape())
          .as(array.name())
          .isEqualTo(
              ((List<?>) facts.get("shape"))
                  .stream().mapToInt(x -> ((Long) x).intValue()).toArray());
      double[] values = array.doubles();
      double sum = 0;
      for (double v : values) {
        sum += v;
      }
      assertThat(sum).as(array.name()).isCloseTo((Double) facts.get("sum"), within(1e-9));
      List<?> first = (List<?>) facts.get("first");
      for (int i = 0; i < first.size(); i++) {
        assertThat(values[i]).as(array.name()).isEqualTo((Double) first.get(i));
      }
      assertThat(array.floats()[0]).isEqualTo((float) values[0]);
    }
  }
}
