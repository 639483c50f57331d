package retort.tensor.gradcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The inputs of a function in one line of text that can be replayed: extents joined by `x`, an
/// input a comma, an optional draw after a colon. `"2x3, 3x4:positive, scalar"` is a matrix of
/// normals, a matrix of positives and a scalar; `"0x3"` is empty. The same text and seed give the
/// same bits.
public record Inputs(List<Input> inputs) {
  public record Input(int[] shape, Draw draw) {
    @Override
    public String toString() {
      return name(shape) + (draw == Draw.NORMAL ? "" : ":" + draw.name().toLowerCase(Locale.ROOT));
    }
  }

  public Inputs {
    inputs = List.copyOf(inputs);
  }

  public static Inputs parse(String text) {
    return new Inputs(Arrays.stream(text.split(",", -1)).map(one -> input(one, text)).toList());
  }

  /// Every pair of shapes that broadcast together to `shape`, extents joined by `x`: each axis of
  /// either operand whole or 1, leading axes of one operand left out.
  public static List<String> broadcasts(String shape) {
    int[] full = parse(shape).inputs().getFirst().shape();
    var seen = new TreeSet<String>();
    for (int[] left : shrunk(full)) {
      for (int[] right : shrunk(full)) {
        if (Arrays.equals(broadcast(left, right), full)) {
          seen.add(name(left) + ", " + name(right));
        }
      }
    }
    return List.copyOf(seen);
  }

  /// One input of the given shape as it is, with each axis 1, with each axis 0, with ties, and with
  /// large, small and mixed magnitudes.
  public static List<String> edges(String shape) {
    int[] full = parse(shape).inputs().getFirst().shape();
    var all = new ArrayList<String>(List.of(name(full)));
    for (int extent : new int[] {1, 0}) {
      for (int axis = 0; axis < full.length; axis++) {
        int[] edge = full.clone();
        edge[axis] = extent;
        all.add(name(edge));
      }
    }
    for (Draw draw : List.of(Draw.TIES, Draw.LARGE, Draw.SMALL, Draw.MIXED)) {
      all.add(new Input(full, draw).toString());
    }
    return all;
  }

  NdArray[] draw(long seed) {
    // One generator an input, so that changing one input leaves the values of the others.
    return IntStream.range(0, inputs.size())
        .mapToObj(i -> {
          Input input = inputs.get(i);
          var random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + i);
          return input.draw().draw(random, input.shape());
        })
        .toArray(NdArray[]::new);
  }

  @Override
  public String toString() {
    return inputs.stream().map(Input::toString).collect(Collectors.joining(", "));
  }

  static String name(int... shape) {
    return shape.length == 0
        ? "scalar"
        : Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("x"));
  }

  private static Input input(String one, String text) {
    String[] parts = one.strip().split(":", -1);
    try {
      if (parts.length <= 2) {
        Draw draw =
            parts.length == 1 ? Draw.NORMAL : Draw.valueOf(parts[1].toUpperCase(Locale.ROOT));
        return new Input(shape(parts[0]), draw);
      }
    } catch (IllegalArgumentException e) {
      throw refuse(one, text, e);
    }
    throw refuse(one, text, null);
  }

  private static int[] shape(String text) {
    return text.equals("scalar")
        ? new int[0]
        : Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseUnsignedInt).toArray();
  }

  private static IllegalArgumentException refuse(String one, String text, Exception cause) {
    return new IllegalArgumentException(
        "can't read input '%s' of \"%s\"; write extents joined by x (2x3, or scalar), and after a colon one of %s"
            .formatted(one.strip(), text, Arrays.toString(Draw.values()).toLowerCase(Locale.ROOT)),
        cause);
  }

  private static List<int[]> shrunk(int[] full) {
    var all = new ArrayList<int[]>();
    for (int ones = 0; ones < 1 << full.length; ones++) {
      int[] shape = full.clone();
      for (int axis = 0; axis < full.length; axis++) {
        shape[axis] = (ones >> axis & 1) == 1 ? 1 : shape[axis];
      }
      for (int from = 0; from <= full.length; from++) {
        all.add(Arrays.copyOfRange(shape, from, full.length));
      }
    }
    return all;
  }

  private static int[] broadcast(int[] a, int[] b) {
    int[] out = new int[Math.max(a.length, b.length)];
    for (int i = 1; i <= out.length; i++) {
      int left = i <= a.length ? a[a.length - i] : 1;
      int right = i <= b.length ? b[b.length - i] : 1;
      out[out.length - i] = left == 1 ? right : left;
    }
    return out;
  }
}
