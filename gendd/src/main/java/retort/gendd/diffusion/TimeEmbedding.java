package retort.gendd.diffusion;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import retort.nn.Init;
import retort.nn.Linear;
import retort.nn.Module;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// A time as a vector: cosines and sines of it at geometrically falling frequencies, through two
/// linear layers ("Scalable diffusion models with transformers", arXiv 2212.09748, section 3.2).
final class TimeEmbedding extends Module {
  /// The longest wavelength, over 2 pi.
  private static final double LONGEST = 10_000;

  private final int half;
  private final Linear in;
  private final Linear out;

  /// @param frequencies the number of cosines and sines together
  TimeEmbedding(int frequencies, int width) {
    half = frequencies / 2;
    in = child("in", new Linear(frequencies, width).init(Init.normal(0.02), Init.zeros()));
    out = child("out", new Linear(width, width).init(Init.normal(0.02), Init.zeros()));
  }

  /// The vectors `[time.length, width]`. Equal times are computed once.
  Tensor apply(double... time) {
    double[] distinct = DoubleStream.of(time).sorted().distinct().toArray();
    if (distinct.length == time.length) return call(() -> embed(time));
    int[] place = DoubleStream.of(time).mapToInt(t -> Arrays.binarySearch(distinct, t)).toArray();
    return call(() -> embed(distinct).gather(place));
  }

  /// The vectors with their derivative along dtime.
  Dual differentiate(double[] time, double[] dtime) {
    Tensor f = frequencies(), angle = angle(time);
    Tensor speed = Tape.current().input(Shape.of(time.length, 1), dtime).mul(f);
    Tensor change = Tensor.concat(1, angle.sin().mul(speed).neg(), angle.cos().mul(speed));
    return new Dual(waves(time), change).linear(in).silu().linear(out);
  }

  private Tensor embed(double[] time) {
    return out.apply(in.apply(waves(time)).silu());
  }

  /// `[n, 2 half]`: cosines first.
  Tensor waves(double... time) {
    Tensor angle = angle(time);
    return Tensor.concat(1, angle.cos(), angle.sin());
  }

  private Tensor angle(double[] time) {
    return Tape.current().input(Shape.of(time.length, 1), time).mul(frequencies());
  }

  /// `[1, half]`, from 1 down to almost 1 / LONGEST.
  private Tensor frequencies() {
    double[] f = new double[half];
    for (int i = 0; i < half; i++) f[i] = Math.exp(-Math.log(LONGEST) * i / half);
    return Tape.current().input(Shape.of(1, half), f);
  }
}
