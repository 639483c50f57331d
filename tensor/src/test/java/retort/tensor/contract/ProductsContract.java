package retort.tensor.contract;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import retort.tensor.Convolution;
import retort.tensor.Product;

/// Matrix products and convolutions.
interface ProductsContract extends Agreement {
  /// Sums of up to 4,608 products in float32: the error grows with the square root of their number,
  /// and is judged by the scale of the results, since single ones cancel.
  Tolerance PRODUCT = new Tolerance(2e-6, 4e-6);

  /// Winograd's F(4x4, 3x3) adds and subtracts transformed tiles with factors up to 8: its error in
  /// float32 is up to ten times that of the plain sum (Lavin and Gray, arXiv 1509.09308, section
  /// 3).
  Tolerance CONVOLVED = new Tolerance(1e-5, 4e-5);

  int[][] MNK = {
    {1, 1, 1},
    {3, 5, 7},
    {8, 16, 4},
    {13, 31, 17},
    {1, 64, 100},
    {100, 1, 33},
    {12, 32, 600},
    {65, 49, 130},
    {128, 96, 64},
    {7, 200, 5},
    {300, 10, 64},
    {2, 2, 1100},
    {33, 48, 2100},
    {33, 40, 2100}
  };

  @Test
  default void matmul() {
    for (int[] s : MNK) {
      for (int t = 0; t < 4; t++) {
        Product p = Product.of(s[0], s[1], s[2], (t & 1) != 0, (t & 2) != 0);
        product(p, false);
        product(p, true);
      }
    }
  }

  @Test
  default void matmulOfABatch() {
    for (int[] s : new int[][] {{2, 3, 5, 7}, {5, 16, 33, 8}, {3, 40, 24, 70}}) {
      for (int t = 0; t < 16; t++) {
        product(
            new Product(
                s[0], s[1], s[2], s[3], (t & 1) != 0, (t & 2) != 0, (t & 4) != 0, (t & 8) != 0),
            t % 2 == 0);
      }
    }
  }

  private void product(Product p, boolean bias) {
    int a = p.m() * p.k() * (p.batchedA() ? p.batch() : 1);
    int b = p.k() * p.n() * (p.batchedB() ? p.batch() : 1);
    agree(
        p + (bias ? " with bias" : ""),
        PRODUCT,
        d -> {
          var c = d.slot(p.batch() * p.m() * p.n());
          if (c != null) d.kernels().matmul(p, d.in(a), d.in(b), bias ? d.in(p.n()) : null, c);
        });
  }

  /// n, h, w, c, f, kh, kw, stride, pad, groups: 3x3 with and without padding and stride, 1x1,
  /// strided 1x1, stems of 3 channels, 5x5 and 7x7, even and oblong kernels, groups, depthwise.
  int[][] GEOMETRIES = {
    {1, 5, 5, 512, 512, 3, 3, 1, 1, 512},
    {1, 1, 1, 1, 1, 1, 1, 1, 0, 1},
    {2, 5, 5, 3, 4, 3, 3, 1, 1, 1},
    {1, 9, 7, 5, 6, 3, 3, 2, 1, 1},
    {2, 8, 8, 16, 16, 3, 3, 1, 1, 1},
    {1, 13, 11, 32, 48, 3, 3, 1, 1, 1},
    {1, 6, 6, 64, 32, 3, 3, 1, 1, 1},
    {2, 7, 9, 33, 17, 3, 3, 1, 1, 1},
    {2, 8, 8, 16, 32, 3, 3, 2, 1, 1},
    {1, 4, 4, 8, 8, 3, 3, 1, 0, 1},
    {2, 6, 6, 24, 40, 1, 1, 1, 0, 1},
    {2, 8, 8, 16, 32, 1, 1, 2, 0, 1},
    {1, 12, 12, 1, 6, 5, 5, 1, 0, 1},
    {2, 12, 12, 3, 16, 7, 7, 2, 3, 1},
    {1, 6, 5, 4, 4, 2, 2, 2, 0, 1},
    {1, 6, 5, 4, 6, 1, 3, 1, 1, 1},
    {2, 5, 5, 8, 12, 3, 3, 1, 1, 4},
    {1, 7, 7, 6, 6, 3, 3, 1, 1, 6},
    {2, 9, 9, 32, 32, 3, 3, 1, 1, 32},
    {1, 9, 8, 20, 20, 3, 3, 2, 1, 20},
    {1, 19, 5, 16, 16, 3, 3, 1, 1, 16},
    {2, 20, 7, 16, 16, 3, 3, 2, 1, 16},
    {1, 4, 9, 16, 16, 5, 5, 1, 2, 16},
    {1, 2, 3, 16, 16, 1, 1, 1, 1, 16},
    {1, 6, 6, 4, 8, 3, 3, 1, 1, 4},
    {1, 7, 7, 10, 10, 5, 5, 1, 2, 10},
    {1, 3, 3, 4, 4, 5, 5, 1, 2, 1},
  };

  private static Convolution geometry(int[] g) {
    return new Convolution(g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7], g[8], g[9]);
  }

  @Test
  default void conv() {
    for (int[] numbers : GEOMETRIES) {
      Convolution g = geometry(numbers);
      for (boolean bias : new boolean[] {false, true}) {
        agree(
            "conv " + Arrays.toString(numbers) + (bias ? " with bias" : ""),
            CONVOLVED,
            d -> {
              var y = d.slot(g.y().size());
              var x = d.in(g.x().size());
              var w = d.in(g.weight().size());
              if (y != null) d.kernels().conv(g, x, w, bias ? d.in(g.f()) : null, y);
            });
      }
    }
  }

  @Test
  default void convGradInput() {
    for (int[] numbers : GEOMETRIES) {
      Convolution g = geometry(numbers);
      agree(
          "convGradInput " + Arrays.toString(numbers),
          CONVOLVED,
          d ->
              d.kernels()
                  .convGradInput(
                      g, d.in(g.y().size()), d.in(g.weight().size()), d.slot(g.x().size())));
    }
  }

  @Test
  default void convGradWeight() {
    for (int[] numbers : GEOMETRIES) {
      Convolution g = geometry(numbers);
      agree(
          "convGradWeight " + Arrays.toString(numbers),
          CONVOLVED,
          d ->
              d.kernels()
                  .convGradWeight(
                      g, d.in(g.y().size()), d.in(g.x().size()), d.slot(g.weight().size())));
    }
  }
}
