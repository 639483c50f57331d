package retort.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredArrayTest {
  @Test
  void refusesAWrongShape() {
    assertThatThrownBy(() -> StoredArray.of("w", new int[] {2, 3}, new float[5]))
        .hasMessage("array w: F32[2, 3] takes 24 bytes, got 20");
  }

  @Test
  void convertsOnlyWithoutLoss() {
    StoredArray halves = StoredArray.of("h", new int[] {2}, new float[] {3, 0.5f});
    assertThatThrownBy(halves::longs).hasMessage("array h: element 1 is 0.5, not a whole number");
    StoredArray wide = StoredArray.of("w", new int[] {1}, new long[] {1L << 40});
    assertThatThrownBy(wide::ints)
        .hasMessage("array w: element 0 is 1099511627776, too large for an int");
  }

  @Test
  void findsByPrefixAndName() {
    ArrayFile file =
        ArrayFile.of(
            List.of(
                StoredArray.of("model.w", new int[] {1}, new float[] {4}),
                StoredArray.of("step", new int[] {}, new long[] {9})),
            Map.of());
    assertThat(file.under("model.").get("w").floats()).containsExactly(4);
    assertThatThrownBy(() -> file.get("w")).hasMessage("no array named w among [model.w, step]");
  }
}
