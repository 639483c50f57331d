package retort.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import retort.tensor.Convolution;
import retort.tensor.Device;
import retort.tensor.Kernels;
import retort.tensor.Product;
import retort.tensor.Slot;
import retort.tensor.Span;
import retort.tensor.reference.ReferenceDevice;

/// Products and convolutions against the reference device: odd extents, destinations full of NaN,
/// writing and adding, and the same bits from teams of one, two and three.
class ProductsTest {
  private final Random random = new Random(7);
  private final Device reference = new ReferenceDevice();
  private final List<CpuDevice> teams =
      List.of(new CpuDevice(1), new CpuDevice(2), new CpuDevice(3));

  /// A verb with its operands and its landing.
  private interface Verb {
    void run(Kernels kernels, Span[] in, Slot out);
  }

  /// One rounding a term of a sum of products of numbers up to 1, which add up like a random walk.
  private static double bound(int terms) {
    return 2e-6 * Math.sqrt(terms) + 1e-6;
  }

  /// Runs a verb on both devices, writing and adding, and with every team.
  private void check(String name, double bound, int out, Verb verb, int... sizes) {
    float[][] in = new float[sizes.length][];
    for (int i = 0; i < sizes.length; i++) in[i] = draw(sizes[i]);
    float[] held = draw(out), nan = new float[out];
    java.util.Arrays.fill(nan, Float.NaN);
    for (boolean adds : new boolean[] {false, true}) {
      float[] start = adds ? held : nan;
      float[] want = run(reference, verb, in, start, adds);
      float[] got = run(teams.get(0), verb, in, start, adds);
      for (int i = 0; i < out; i++) {
        if (Math.abs(got[i] - want[i]) <= bound) continue; // not so for NaN
        fail("%s, adds %s: number %d is %s, not %s", name, adds, i, got[i], want[i]);
      }
      for (CpuDevice team : teams) {
        assertThat(run(team, verb, in, start, adds)).as("%s, same bits", name).isEqualTo(got);
      }
    }
  }

  private static float[] run(Device device, Verb verb, float[][] in, float[] start, boolean adds) {
    Span[] spans = new Span[in.length];
    for (int i = 0; i < in.length; i++) {
      if (in[i].length > 0) device.write(in[i], 0, spans[i] = device.take(in[i].length));
    }
    Span out = device.take(start.length);
    device.write(start, 0, out);
    verb.run(device.kernels(), spans, adds ? Slot.add(out) : Slot.write(out));
    float[] result = new float[start.length];
    device.read(out, result, 0);
    return result;
  }

  private float[] draw(int n) {
    float[] a = new float[n];
    for (int i = 0; i < n; i++) a[i] = 2 * random.nextFloat() - 1;
    return a;
  }

  private void matmul(int m, int n, int k, boolean biased) {
    for (int t = 0; t < 4; t++) {
      Product p = Product.of(m, n, k, (t & 1) != 0, (t & 2) != 0);
      check(
          p.toString(),
          bound(k),
          m * n,
          (kernels, in, c) -> kernels.matmul(p, in[0], in[1], in[2], c),
          m * k,
          k * n,
          biased ? n : 0);
    }
  }

  @Test
  void productsOfAnyExtent() {
    int[] extents = {1, 2, 3, 5, 8, 13, 16, 17, 31, 32, 33, 49, 65};
    for (int i = 0; i < 40; i++) {
      matmul(
          extents[random.nextInt(extents.length)],
          extents[random.nextInt(extents.length)],
          extents[random.nextInt(extents.length)],
          i % 2 == 0);
    }
  }

  @Test
  void productsCutIntoBlocks() {
    matmul(50, 47, 520, true);
    matmul(5, 530, 1027, false);
    matmul(7, 9, 3001, false); // cut along the sum
    matmul(13, 33, 2049, false);
    matmul(70, 48, 2600, false); // factors that are read in place
    matmul(48, 9, 2600, false);
    matmul(1, 1000, 300, true);
    matmul(300, 1, 700, true);
    matmul(50, 47, 48, true); // rows that are read in place
  }

  @Test
  void productsSharedOut() {
    matmul(260, 130, 70, true); // a rectangle for each of two threads
    matmul(530, 515, 19, true); // two for each
    matmul(33, 117, 1030, false); // each of several blocks along the sum
  }

  @Test
  void batches() {
    for (int t = 0; t < 16; t++) {
      Product p = new Product(3, 7, 19, 5, (t & 1) != 0, (t & 2) != 0, (t & 4) != 0, (t & 8) != 0);
      check(
          p.toString(),
          bound(p.k()),
          p.batch() * p.m() * p.n(),
          (kernels, in, c) -> kernels.matmul(p, in[0], in[1], null, c),
          (p.batchedA() ? p.batch() : 1) * p.m() * p.k(),
          (p.batchedB() ? p.batch() : 1) * p.k() * p.n());
    }
  }

  @Test
  void convolutionsOfAnyGeometry() {
    List<Convolution> all = new ArrayList<>();
    for (int stride : new int[] {1, 2, 3}) {
      for (int kernel : new int[] {1, 2, 3, 5}) {
        for (int pad : new int[] {0, 1, 2}) {
          all.add(new Convolution(2, 7, 9, 5, 6, kernel, kernel, stride, pad, 1));
          all.add(new Convolution(2, 6, 5, 4, 6, kernel, kernel, stride, pad, 2));
          all.add(new Convolution(2, 8, 6, 19, 19, kernel, kernel, stride, pad, 19));
        }
      }
    }
    all.add(new Convolution(2, 9, 7, 3, 16, 3, 3, 1, 1, 1)); // the stem
    all.add(new Convolution(1, 20, 20, 3, 16, 7, 7, 2, 3, 1));
    all.add(new Convolution(2, 9, 7, 32, 48, 3, 3, 2, 1, 1)); // whole vectors, short lines
    all.add(new Convolution(2, 12, 14, 32, 48, 3, 3, 2, 1, 1)); // longer ones
    all.add(new Convolution(2, 6, 7, 4, 8, 2, 3, 1, 1, 1)); // taller than wide
    all.add(new Convolution(2, 5, 5, 3, 6, 3, 3, 1, 1, 3)); // a multiplier of two
    all.add(new Convolution(2, 5, 7, 64, 34, 1, 1, 1, 0, 2)); // parts of rows, in place
    all.add(new Convolution(2, 36, 30, 64, 34, 1, 1, 1, 0, 2)); // and in the weights' gradient
    all.forEach(this::convolution);
  }

  /// Transforms cost Winograd's algorithm about a digit: its bound is ten times the others'.
  @Test
  void convolutionsByWinograd() {
    for (int size : new int[] {5, 8}) {
      for (int pad = 0; pad <= 1; pad++) {
        Convolution g = new Convolution(2, size, size + 1, 32, 48, 3, 3, 1, pad, 1);
        int x = g.x().size(), w = g.weight().size(), y = g.y().size();
        Verb forward =
            (k, in, c) -> {
              if (k instanceof Products cpu) {
                Gemm gemm = Im2col.forward(g, 0, in[0], in[1], in[2], c);
                new Winograd(gemm, (Patches) gemm.a()).run(cpu.workers());
              } else {
                k.conv(g, in[0], in[1], in[2], c);
              }
            };
        check(g + " forward", 10 * bound(9 * g.c()), y, forward, x, w, g.f());
        for (int fitting :
            new int[] {1 << 20, 1}) { // numbers of blocks at a time: all, and a strip
          Verb panels =
              (k, in, c) -> {
                if (k instanceof Products cpu) {
                  Gemm gemm = Im2col.forward(g, 0, in[0], in[1], in[2], c);
                  Winograd whole = new Winograd(gemm, (Patches) gemm.a());
                  whole.putBias(cpu.workers());
                  new WinogradPanels(whole, 1, fitting).run(cpu.workers());
                } else {
                  k.conv(g, in[0], in[1], in[2], c);
                }
              };
          check(g + " by panels", 10 * bound(9 * g.c()), y, panels, x, w, g.f());
        }
        Verb gradWeight =
            (k, in, c) -> {
              if (k instanceof Products cpu) {
                Gemm gemm = Im2col.gradWeight(g, 0, in[0], in[1], c);
                Operand.Matrix dy = ((Operand.Transposed) gemm.a()).of();
                new WinogradGradWeight(gemm, dy, (Patches) gemm.b()).run(cpu.workers());
              } else {
                k.convGradWeight(g, in[0], in[1], c);
              }
            };
        check(g + " gradWeight", 10 * bound(2 * g.oh() * g.ow()), w, gradWeight, y, x);
      }
    }
  }

  private void convolution(Convolution g) {
    int x = g.x().size(), w = g.weight().size(), y = g.y().size();
    check(
        g + " forward",
        bound(g.kh() * g.kw() * g.cg()),
        y,
        (k, in, c) -> k.conv(g, in[0], in[1], in[2], c),
        x,
        w,
        g.stride() == 2 ? 0 : g.f());
    check(
        g + " gradInput",
        bound(g.kh() * g.kw() * g.fg()),
        x,
        (k, in, c) -> k.convGradInput(g, in[0], in[1], c),
        y,
        w);
    check(
        g + " gradWeight",
        bound(g.n() * g.oh() * g.ow()),
        w,
        (k, in, c) -> k.convGradWeight(g, in[0], in[1], c),
        y,
        x);
  }
}
