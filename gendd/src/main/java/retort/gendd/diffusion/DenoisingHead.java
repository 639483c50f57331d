package retort.gendd.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import retort.nn.Embedding;
import retort.nn.Init;
import retort.nn.LayerNorm;
import retort.nn.Linear;
import retort.nn.Module;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
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
  private final List<Block> blocks;
  private final Last last;

  public DenoisingHead(Size size) {
    this.size = size;
    int w = size.width();
    times =
        IntStream.range(0, size.times())
            .mapToObj(i -> child("time" + i, new TimeEmbedding(size.frequencies(), w)))
            .toList();
    condition = child("condition", linear(size.condition(), w));
    position = child("position", new Embedding(size.tokens(), w));
    input = child("input", linear(size.token(), w));
    blocks =
        IntStream.range(0, size.depth()).mapToObj(i -> child("block" + i, new Block(w))).toList();
    last = child("last", new Last(w, size.channels()));
  }

  private static Linear linear(int in, int out) {
    return new Linear(in, out).init(Init.xavierUniform(), Init.zeros());
  }

  /// A linear layer that begins by saying 0.
  private static Linear silent(int in, int out) {
    return new Linear(in, out).init(Init.zeros(), Init.zeros());
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
  public Denoiser given(Tensor conditions) {
    return (x, time) -> apply(x, time, conditions);
  }

  /// @param x noisy tokens `[n, d]`
  /// @param time the time of each row, or one for all; with two times a row, all first ones come
  ///   first
  /// @param conditions `[m, width]`, m dividing n
  /// @return `[n, channels]`
  public Tensor apply(Tensor x, double[] time, Tensor conditions) {
    return call(() -> {
      Tensor s = conditions.add(embed(time)).silu();
      Tensor h = input.apply(x);
      for (Block block : blocks) h = block.apply(h, s);
      return last.apply(h, s);
    });
  }

  private Tensor embed(double[] time) {
    int each = time.length / times.size();
    Tensor sum = null;
    for (int i = 0; i < times.size(); i++) {
      Tensor e = times.get(i).apply(Arrays.copyOfRange(time, i * each, (i + 1) * each));
      sum = sum == null ? e : sum.add(e);
    }
    return sum;
  }

  /// Multiplications of one row in one call, the condition's share left out: it is paid once an
  /// image.
  public long macs() {
    return parameterShapes().entrySet().stream()
        .filter(e -> e.getKey().endsWith("weight") && e.getValue().rank() == 2)
        .filter(e -> !e.getKey().startsWith("condition") && !e.getKey().startsWith("position"))
        .mapToLong(e -> e.getValue().size())
        .sum();
  }

  /// The modulation `[m, ..]` of n rows, repeated where several rows share a condition.
  private static Tensor tile(Tensor ada, int n) {
    int m = ada.shape().at(0), c = ada.shape().last();
    if (m == n) return ada;
    if (n % m != 0) {
      throw ShapeException.of(
          "denoising head",
          "rows of conditions must divide the rows of tokens",
          ada.shape(),
          Shape.of(n));
    }
    return ada.reshape(1, m, c).expand(n / m, m, c).reshape(n, c);
  }

  /// h + gate * MLP(LayerNorm(h) (1 + scale) + shift), with shift, scale and gate from the
  /// condition.
  private static final class Block extends Module {
    private final int w;
    private final LayerNorm norm;
    private final Linear in;
    private final Linear out;
    private final Linear ada;

    Block(int w) {
      this.w = w;
      norm = child("norm", new LayerNorm(w, 1e-6, true));
      in = child("in", linear(w, w));
      out = child("out", linear(w, w));
      ada = child("ada", silent(w, 3 * w));
    }

    Tensor apply(Tensor h, Tensor s) {
      return call(() -> {
        Tensor a = tile(ada.apply(s), h.shape().at(0));
        Tensor u = norm.apply(h).modulate(a, 0, w);
        return h.gatedAdd(a, 2 * w, out.apply(in.apply(u).silu()));
      });
    }
  }

  /// The answer: a modulated layer norm and a linear layer.
  private static final class Last extends Module {
    private final int w;
    private final LayerNorm norm;
    private final Linear out;
    private final Linear ada;

    Last(int w, int channels) {
      this.w = w;
      norm = child("norm", new LayerNorm(w, 1e-6, false));
      out = child("out", silent(w, channels));
      ada = child("ada", silent(w, 2 * w));
    }

    Tensor apply(Tensor h, Tensor s) {
      return call(() -> {
        Tensor a = tile(ada.apply(s), h.shape().at(0));
        return out.apply(norm.apply(h).modulate(a, 0, w));
      });
    }
  }
}
