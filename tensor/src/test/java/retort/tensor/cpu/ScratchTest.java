package retort.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retort.tensor.Span;

class ScratchTest {
  private static final int HEAD = 16, LINE = 64, MIB = 1 << 20;

  /// A dozen arrays, made one after the other: none of the later begins up to 384 bytes beyond the
  /// first, but for whole MiB, neither at their start nor where their numbers do.
  @ParameterizedTest
  @ValueSource(ints = {MIB / 2, MIB, 2 * MIB, 32 * MIB})
  void largeArraysKeepOutOfEachOthersWay(int bytes) {
    Span taken = new CpuDevice(1).take(bytes / 4);
    for (float[] a : new float[][] {(float[]) taken.array(), Scratch.fresh(bytes / 4)}) {
      int size = (HEAD + 4 * a.length + LINE - 1) / LINE * LINE;
      for (int k = 1; k <= 12; k++) assertThat(k * (long) size % MIB).isGreaterThanOrEqualTo(512);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 4096})
  void smallArraysTakeNoMoreThanTheyNeed(int size) {
    assertThat(Scratch.fresh(size)).hasSize(size);
  }
}
