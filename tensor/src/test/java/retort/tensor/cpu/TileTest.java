package retort.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Vector tiles have the bits of their plain siblings, at every width.
class TileTest {
  /// Compares tiles of every kind at the width that this JVM runs at.
  static void compareAll() {
    int l = GemmTiles.LANES;
    for (int rows = 1; rows <= GemmTiles.ROWS; rows++) {
      for (int columns = l; columns <= 2 * l; columns += l) {
        compare(new GemmTile(rows, columns, 1, 5 * l, 1, columns));
        compare(new GemmTile(rows, columns, 1, 1, GemmTiles.ROWS, columns));
        compare(new GemmTile(rows, columns, 3, 1, 19, 23));
      }
      compare(new GemmTile(rows, 3 * l, 2, 1, 19, 3 * l));
    }
    for (int rows = 1; rows <= l; rows++) compare(new TurnTile(rows));
    for (int i = 1; i <= GemmTiles.COPIED; i++) compare(new CopyTile(i));
    compare(new DirectTile(8, 2 * l, 3, 3, 6, 6));
    compare(new DirectTile(5, 2 * l, 3, 3, 12, 6));
    compare(new DirectTile(16, l, 2, 2, 5, 5));
    compare(new DirectTile(7, l, 2, 1, 15, 0));
    for (WinogradTile.Matrix matrix : WinogradTile.Matrix.values()) {
      compare(new WinogradTile(matrix, 0, 7 * l, l, 6 * 8 * l, 8 * l, l));
      compare(new WinogradTile(matrix, 6 * 7 * l, 7 * l, 4 * l, 0, 7 * l, 28 * l));
    }
    for (int step = 1; step <= 2; step++) {
      for (int top = 0; top <= 1; top++) {
        var form = new DepthwiseForm(4, 3, 2, step, top, 4 * step, 8 * l);
        compare(new DepthwiseTile(form));
        compare(new DepthwiseGradTile(form));
      }
    }
  }

  private static void compare(PlainTile plain) {
    int n = 7, pitch = 7 * 7 * GemmTiles.LANES, reach = plain.reach(n, pitch) + 9;
    compare(plain, plain.shared(), n, pitch, reach);
    compare(plain, plain.vector(), n, pitch, reach);
  }

  private static void compare(PlainTile plain, Tile vector, int n, int pitch, int reach) {
    Random random = new Random(3);
    float[] a = draw(random, reach), b = draw(random, reach), c = draw(random, reach);
    for (boolean adds : new boolean[] {false, true}) {
      float[] want = c.clone(), got = c.clone();
      plain.run(n, a, 5, pitch, b, 7, pitch, want, 3, pitch, adds);
      vector.run(n, a, 5, pitch, b, 7, pitch, got, 3, pitch, adds);
      if (Arrays.equals(want, got) && !Arrays.equals(want, c)) continue;
      throw new AssertionError("%s, %d lanes, adds %s".formatted(plain, GemmTiles.LANES, adds));
    }
  }

  private static float[] draw(Random random, int n) {
    float[] a = new float[n];
    for (int i = 0; i < a.length; i++) a[i] = 2 * random.nextFloat() - 1;
    return a;
  }

  @Test
  void vectorTilesHaveTheBitsOfPlainOnes() {
    assumeTrue(Simd.ON, "no vector module");
    compareAll();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Dretort.vector.bits=128",
        "-Dretort.vector.bits=256",
        "-Dretort.vector.bits=512"
      })
  void atEveryWidth(String width) throws Exception {
    assertThat(child("--add-modules", "jdk.incubator.vector", width)).contains("all the same");
  }

  @Test
  void withoutTheVectorModuleOneLineSaysSo() throws Exception {
    assertThat(child())
        .contains("retort: the module jdk.incubator.vector is absent")
        .contains("product 32.0");
  }

  /// What a fresh JVM with these flags prints.
  private static String child(String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(child.getInputStream().readAllBytes());
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).as(out).isTrue();
    assertThat(child.exitValue()).as(out).isZero();
    return out;
  }

  /// What runs in the child.
  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      if (Simd.ON) compareAll();
      var device = new CpuDevice(1);
      var a = device.take(64);
      var c = device.take(4);
      device.kernels().fill(1, a);
      device
          .kernels()
          .matmul(
              retort.tensor.Product.of(2, 2, 32, false, true),
              a,
              a,
              null,
              retort.tensor.Slot.write(c));
      float[] out = new float[4];
      device.read(c, out, 0);
      System.out.println("product " + out[3] + ", all the same");
    }
  }
}
