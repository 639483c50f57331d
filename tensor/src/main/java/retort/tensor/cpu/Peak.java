package retort.tensor.cpu;

import java.util.Arrays;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What this machine can do at most, measured: the ruler beside every figure of a benchmark.
///
/// @param threads how many threads worked at once
/// @param gflops fused multiply-adds on registers alone, two operations each, in 10^9 a second
/// @param gigabytes copying arrays far larger than the caches, bytes read plus bytes written, in
///   10^9 a second
public record Peak(int threads, double gflops, double gigabytes) {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  /// Twelve chains hide a latency of four cycles on up to three multiply-add units, and fit into
  /// the 16 registers of AVX2.
  private static final int CHAINS = 12;

  private static final int STEPS = 1 << 14;

  /// Calls in a trial: about a millisecond, long beside the start of a team, short beside a
  /// scheduler's turn.
  private static final int CALLS = 16;

  /// 64 MiB an array: beyond any last-level cache that one core may fill.
  private static final int COPIED = 1 << 24;

  /// The best trial counts, for whatever else happens can only make one slower: the first ones run
  /// before the compiler is done. Trials end when there was none better for a second.
  private static final long PATIENCE = 1_000_000_000;

  public static Peak measure(int threads) {
    var workers = new Workers(threads);
    double[] sums = new double[threads];
    double flops = 2.0 * threads * CALLS * STEPS * CHAINS * S.length();
    double gflops = flops / best(workers, i -> sums[i] += calls(1f + i)) / 1e9;
    if (Arrays.stream(sums).anyMatch(Double::isNaN)) throw new AssertionError("a chain overflowed");

    int part = COPIED / threads;
    float[] from = Scratch.fresh(COPIED), to = Scratch.fresh(COPIED);
    double bytes = 8.0 * part * threads;
    double gigabytes = bytes / best(workers, i -> copy(from, to, i * part, (i + 1) * part)) / 1e9;
    return new Peak(threads, gflops, gigabytes);
  }

  /// Seconds of the fastest trial.
  private static double best(Workers workers, IntConsumer part) {
    long best = Long.MAX_VALUE;
    for (long start = System.nanoTime(), found = start, end;
        start - found < PATIENCE;
        start = end) {
      workers.run(workers.team(), part);
      end = System.nanoTime();
      if (end - start < best) {
        best = end - start;
        found = end;
      }
    }
    return best / 1e9;
  }

  private static void copy(float[] from, float[] to, int start, int end) {
    System.arraycopy(from, start, to, start, end - start);
  }

  private static float calls(float start) {
    float sum = 0;
    for (int i = 0; i < CALLS; i++) sum += chains(start + i);
    return sum;
  }

  private static float chains(float start) {
    FloatVector a = FloatVector.broadcast(S, start), half = FloatVector.broadcast(S, 0.5f);
    FloatVector b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
    for (int step = 0; step < STEPS; step++) {
      a = a.fma(half, half);
      b = b.fma(half, half);
      c = c.fma(half, half);
      d = d.fma(half, half);
      e = e.fma(half, half);
      f = f.fma(half, half);
      g = g.fma(half, half);
      h = h.fma(half, half);
      i = i.fma(half, half);
      j = j.fma(half, half);
      k = k.fma(half, half);
      l = l.fma(half, half);
    }
    FloatVector all =
        a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l);
    return all.lane(0);
  }
}
