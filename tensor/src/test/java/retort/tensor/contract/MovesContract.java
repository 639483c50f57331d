package retort.tensor.contract;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import retort.tensor.Broadcast;
import retort.tensor.Move;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Filling, copying, gathering.
interface MovesContract extends Agreement {
  /// A copy changes nothing; only an addition rounds, once.
  Tolerance MOVED = new Tolerance(1e-7, 0);

  /// One product and one sum, which may cancel.
  Tolerance MIXED = new Tolerance(1e-6, 1e-6);

  /// Sums of up to 5,000 terms.
  Tolerance GATHERED = new Tolerance(2e-6, 2e-6);

  @Test
  default void fill() {
    for (int n : SIZES) agree("fill " + n, MOVED, d -> d.kernels().fill(0.7, d.out(n)));
    agree("fill", MOVED, d -> d.kernels().fill(-3, d.out(LARGE)));
  }

  @Test
  default void axpby() {
    for (int n : SIZES) {
      agree("axpby " + n, MIXED, d -> d.kernels().axpby(0.3, d.in(n), 0.7, d.compared(d.in(n))));
      agree("axpby " + n + ", beta 0", MIXED, d -> d.kernels().axpby(2, d.in(n), 0, d.out(n)));
    }
    agree("axpby", MIXED, d -> d.kernels().axpby(1, d.in(LARGE), 1, d.compared(d.in(LARGE))));
    agree(
        "axpby in place",
        MIXED,
        d -> {
          Span y = d.compared(d.in(77));
          d.kernels().axpby(0.25, y, 0, y);
        });
  }

  @Test
  default void permute() {
    int[][] shapes = {
      {7}, {3, 5}, {33, 70}, {1, 9}, {2, 3, 4}, {3, 1, 5}, {2, 3, 4, 5}, {129, 2, 600}
    };
    for (int[] dims : shapes) {
      for (int[] order : orders(dims.length)) {
        int[] strides = Shape.of(dims).strides(), extents = new int[dims.length];
        int[] from = new int[dims.length];
        for (int i = 0; i < order.length; i++) {
          extents[i] = dims[order[i]];
          from[i] = strides[order[i]];
        }
        move(
            "permute " + Arrays.toString(dims) + " by " + Arrays.toString(order),
            new Move(extents, from, 0, Shape.of(extents).strides(), 0),
            Shape.of(dims).size(),
            Shape.of(dims).size());
      }
    }
  }

  private static int[][] orders(int rank) {
    return switch (rank) {
      case 1 -> new int[][] {{0}};
      case 2 -> new int[][] {{0, 1}, {1, 0}};
      case 3 -> new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
      default -> new int[][] {{0, 3, 1, 2}, {0, 2, 3, 1}, {3, 2, 1, 0}, {0, 2, 1, 3}, {2, 3, 0, 1}};
    };
  }

  /// A part of the rows, channels or columns of a larger block, both ways: what narrow, concat and
  /// pad are made of. What lies around it must stay as it is.
  @Test
  default void blocks() {
    for (int[] s : new int[][] {{3, 4, 5}, {1, 7, 1}, {6, 13, 8}, {2, 1, 31}, {40, 60, 64}}) {
      int outer = s[0], n = s[1], inner = s[2];
      int[] wide = {(n + 3) * inner, inner, 1}, narrow = {n * inner, inner, 1};
      String name = Arrays.toString(s);
      Move cut = new Move(s, wide, 2 * inner, narrow, 0);
      move("narrow to " + name, cut, outer * (n + 3) * inner, outer * n * inner);
      move("put back " + name, cut.reversed(), outer * n * inner, outer * (n + 3) * inner);
    }
  }

  @Test
  default void expand() {
    int[][][] shapes = {
      {{}, {5}},
      {{1}, {1027}},
      {{7}, {3, 7}},
      {{3, 1}, {3, 9}},
      {{2, 1, 4}, {2, 3, 4}},
      {{3, 1}, {2, 3, 5}},
      {{5, 1, 7, 1}, {5, 6, 7, 8}},
      {{64}, {2000, 64}},
      {{2000, 1}, {2000, 64}},
      {{40, 1, 64}, {40, 49, 64}},
      {{3, 3}, {3, 3}},
      {{1, 3, 1}, {50, 3, 70}}
    };
    for (int[][] s : shapes) {
      Shape small = Shape.of(s[0]), large = Shape.of(s[1]);
      Move m = new Move(large.toArray(), Broadcast.strides(small, large), 0, large.strides(), 0);
      move("expand " + small + " to " + large, m, small.size(), large.size());
      agree(
          "sum " + large + " to " + small,
          GATHERED,
          d ->
              d.kernels()
                  .move(
                      m.reversed(), d.in(large.size()), Slot.add(d.compared(d.in(small.size())))));
    }
  }

  private void move(String what, Move m, int from, int to) {
    agree(
        what,
        MOVED,
        d -> {
          Slot y = d.slot(to);
          if (y != null) d.kernels().move(m, d.in(from), y);
        });
  }

  @Test
  default void gatherAndScatter() {
    int[][] cases = {{1, 1}, {4, 3}, {9, 16}, {7, 33}, {5000, 24}, {300, 700}};
    for (int[] c : cases) {
      int rows = c[0], width = c[1], table = rows / 2 + 1;
      int[] index = new int[rows];
      for (int i = 0; i < rows; i++) index[i] = i * 7 % table; // rows come twice, one never
      agree(
          "gather " + rows + " rows of " + width,
          MOVED,
          d -> d.kernels().gather(index, width, d.in(table * width), d.out(rows * width)));
      agree(
          "scatter " + rows + " rows of " + width,
          GATHERED,
          d ->
              d.kernels()
                  .scatterAdd(index, width, d.in(rows * width), d.compared(d.in(table * width))));
    }
    agree(
        "scatter to one row",
        GATHERED,
        d -> d.kernels().scatterAdd(new int[5000], 10, d.in(50_000), d.compared(d.in(10))));
  }
}
