package retort.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmingTileTest {
  private static final int ROWS = 10_000, MOST_SECONDS = 60;

  /// Also after the tiles of other tests, which the same thread takes one after another.
  @Test
  void aDeviceSaysWhenItIsWarm() throws InterruptedException {
    CpuDevice device = new CpuDevice(1);
    int columns = GemmTiles.LANES;
    float[] a = new float[ROWS * columns], c = new float[ROWS * columns];
    a[ROWS - 1] = 7;
    new WarmingTile(new CopyTile(1)).run(ROWS, a, 0, columns, a, 0, 0, c, 0, columns, false);
    assertThat(c).isEqualTo(a);
    assertThat(device.isWarmingUp()).isTrue();
    long start = System.nanoTime();
    while (device.isWarmingUp() && System.nanoTime() - start < MOST_SECONDS * 1e9) Thread.sleep(10);
    assertThat(device.isWarmingUp()).isFalse();
  }
}
