package retort.gendd.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import retort.nn.Embedding;
import retort.nn.Linear;
import retort.nn.Module;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The network that denoises one token: an MLP of residual blocks whose layer norms are modulated
/// by the time, the student's feature and the token's place in the teacher's feature. It is the
/// diffusion head of "Autoregressive image generation without vector quantization" (arXiv
/// 2406.11838, section 3.3 and appendix B), with a learned vector for each token place. Tokens of
/// one image meet nowhere: rows are independent.
///
/// The last layer and all modulations begin at zero, so an untrained head says 0 whatever it is
/// asked, and its condition gets no gradient in the first two optimiser steps.
public final class DenoisingHead extends Module {
  /// @param token numbers in a token, d
  /// @param tokens tokens in a feature
  /// @param condition the width of the student's feature
  /// @param width of the hidden layers; below 2 d noise can't pass through
  /// @param depth residual blocks
  /// @param channels what the head says of a token; see [Parametrisation#channels]
  /// @param frequencies of the time embedding
  /// @param times how many times describe a row: 1, or 2 for MeanFlow
  public record Size(
      int token,
      int tokens,
      int condition,
      int width,
      int depth,
      int channels,
      int frequencies,
      int times) {
    public Size(int token, int tokens, int condition, int width, int depth, int channels) {
      this(token, tokens, condition, width, depth, channels, 256, 1);
    }

    public Size times(int count) {
      return new Size(token, tokens, condition, width, depth, channels, frequencies, count);
    }
  }

  private final Size size;
  private final List<TimeEmbedding> times;
  private final Linear condition;
  private final Embedding position;
  private final Linear input;
  private final List<HeadBlock> blocks;
  private final HeadOutput last;

  public DenoisingHead(Size size) {
    this.size = size;
    int w = size.width();
    times =
        IntStream.range(0, size.times())
            .mapToObj(i -> child("time" + i, new TimeEmbedding(size.frequencies(), w)))
            .toList();
    condition = child("condition", HeadBlock.linear(size.condition(), w));
    position = child("position", new Embedding(size.tokens(), w));
    input = child("input", HeadBlock.linear(size.token(), w));
    blocks =
        IntStream.range(0, size.depth())
            .mapToObj(i -> child("block" + i, new HeadBlock(w)))
            .toList();
    last = child("last", new HeadOutput(w, size.channels()));
  }

  public Size size() {
    return size;
  }

  /// Rows asking about tokens of images: the condition of row i is the feature of `image[i]`, its
  /// place `token[i]`. Where `keep[i]` is 0 the feature is struck out, which is how the head learns
  /// to answer without one.
  ///
  /// @param z normalised student features `[images, condition]`, each projected once
  public Tensor condition(Tensor z, int[] image, int[] token, double[] keep) {
    return call(() -> {
      Tensor projected = z.linear(condition.weight(), null).gather(image);
      Tensor kept = projected.mul(Tape.current().input(Shape.of(keep.length, 1), keep));
      return kept.add(condition.bias()).add(position.apply(token));
    });
  }

  /// Rows for every token of every image, image by image: `[images * tokens, width]`.
  public Tensor condition(Tensor z) {
    return call(() -> {
      Tensor projected = condition.apply(z).reshape(-1, 1, size.width());
      return projected.add(position.weight()).reshape(-1, size.width());
    });
  }

  /// Rows for every token of no image: `[tokens, width]`.
  public Tensor unconditional() {
    return call(() -> position.weight().add(condition.bias()));
  }

  /// The head with rows of conditions in hand. Where it is asked about more tokens than it has
  /// rows, the rows repeat.
  public ConditionedHead given(Tensor conditions) {
    return new ConditionedHead(this, conditions);
  }

  /// @param x noisy tokens `[n, d]`
  /// @param time the time of each row, or one for all; with two times a row, all first ones come
  ///   first
  /// @param conditions `[m, width]`, m dividing n
  /// @return `[n, channels]`
  public Tensor apply(Tensor x, double[] time, Tensor conditions) {
    return call(() -> answer(input.apply(x), embed(time), conditions));
  }

  /// What it says under conditions, guided away from what it says under others. What becomes of
  /// tokens and times before they meet a condition is computed once for both.
  Tensor guided(Tensor x, double[] time, Tensor conditions, Tensor others, double scale) {
    return call(() -> {
      Tensor h = input.apply(x), t = embed(time);
      Tensor with = answer(h, t, conditions), without = answer(h, t, others);
      return Denoiser.guided(with, without, size.token(), scale);
    });
  }

  /// @param x what becomes of tokens, `[n, width]`
  /// @param t what becomes of times, `[n, width]` or `[1, width]`
  private Tensor answer(Tensor x, Tensor t, Tensor conditions) {
    Tensor s = joined(conditions, t).silu(), h = x;
    for (HeadBlock block : blocks) h = block.apply(h, s);
    return last.apply(h, s);
  }

  /// [#apply] with its derivative along (dx, dtime), the conditions held fixed.
  Dual differentiate(Dual x, double[] time, double[] dtime, Tensor conditions) {
    Dual s = Dual.constant(conditions);
    int each = time.length / times.size();
    for (int i = 0; i < times.size(); i++) {
      s = s.add(times.get(i).differentiate(part(time, i, each), part(dtime, i, each)));
    }
    s = s.silu();
    Dual h = x.linear(input);
    for (HeadBlock block : blocks) h = block.forward(h, s);
    return last.forward(h, s);
  }

  /// Conditions and times, the rows of either repeated where the other has more.
  private static Tensor joined(Tensor conditions, Tensor t) {
    int rows = Math.max(conditions.shape().at(0), t.shape().at(0));
    return Dual.repeat(conditions, rows).add(t);
  }

  private Tensor embed(double[] time) {
    int each = time.length / times.size();
    Tensor sum = times.getFirst().apply(part(time, 0, each));
    for (int i = 1; i < times.size(); i++) {
      sum = sum.add(times.get(i).apply(part(time, i, each)));
    }
    return sum;
  }

  private static double[] part(double[] all, int i, int each) {
    return Arrays.copyOfRange(all, i * each, (i + 1) * each);
  }

  /// The multiply-accumulates of one row in one call where nothing is shared between rows, as in
  /// the published code.
  public long macs() {
    return parameterShapes().entrySet().stream()
        .filter(e -> e.getKey().endsWith("weight") && e.getValue().rank() == 2)
        .filter(e -> !e.getKey().startsWith("position"))
        .mapToLong(e -> e.getValue().size())
        .sum();
  }
}
