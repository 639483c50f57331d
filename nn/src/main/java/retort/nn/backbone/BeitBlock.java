package retort.nn.backbone;

import retort.nn.Declared;
import retort.nn.Init;
import retort.nn.Layer;
import retort.nn.LayerNorm;
import retort.nn.Linear;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;
import retort.tensor.TensorOps;

/// x + gamma1 attention(norm(x)), then + gamma2 mlp(norm(x)), of tokens `[n, t, d]` of which the
/// first is the class token and the others are a square grid.
final class BeitBlock extends Layer {
  private final LayerNorm norm1, norm2;
  private final SelfAttention attn;
  private final Mlp mlp;
  private final Declared<Parameter> gamma1, gamma2;

  /// @param index the block's place from 1: deeper blocks begin with smaller branches
  BeitBlock(int grid, int width, int heads, double scale, int index) {
    Init shrunk = Init.normal(Beit.STD / Math.sqrt(2 * index));
    norm1 = child("norm1", new LayerNorm(width, Beit.EPS, true));
    attn = child("attn", new SelfAttention(grid, width, heads, shrunk));
    norm2 = child("norm2", new LayerNorm(width, Beit.EPS, true));
    mlp = child("mlp", new Mlp(width, shrunk));
    gamma1 = parameter("gamma_1", Shape.of(width), Init.constant(scale));
    gamma2 = parameter("gamma_2", Shape.of(width), Init.constant(scale));
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = x.add(attn.apply(norm1.apply(x)).mul(gamma1.get()));
    return y.add(mlp.apply(norm2.apply(y)).mul(gamma2.get()));
  }

  private static final class Mlp extends Layer {
    private final Linear fc1, fc2;

    Mlp(int width, Init last) {
      fc1 = child("fc1", new Linear(width, 4 * width));
      fc1.init(Init.normal(Beit.STD), Init.zeros());
      fc2 = child("fc2", new Linear(4 * width, width).init(last, Init.zeros()));
    }

    @Override
    protected Tensor forward(Tensor x) {
      return fc2.apply(fc1.apply(x).gelu());
    }
  }

  private static final class SelfAttention extends Layer {
    private final int width, heads, tokens;
    private final int[] positions;
    private final Linear qkv, proj;
    private final Declared<Parameter> qBias, vBias, table;

    SelfAttention(int grid, int width, int heads, Init last) {
      this.width = width;
      this.heads = heads;
      tokens = grid * grid + 1;
      positions = relativePositions(grid);
      qkv = child("qkv", new Linear(width, 3 * width).noBias());
      qkv.init(Init.normal(Beit.STD), Init.zeros());
      proj = child("proj", new Linear(width, width).init(last, Init.zeros()));
      qBias = parameter("q_bias", Shape.of(width), Init.zeros());
      vBias = parameter("v_bias", Shape.of(width), Init.zeros());
      Shape distances = Shape.of((2 * grid - 1) * (2 * grid - 1) + 3, heads);
      table = parameter("relative_position_bias_table", distances, Init.zeros());
    }

    @Override
    protected Tensor forward(Tensor x) {
      int n = x.shape().at(0), d = width / heads;
      // A bias on the keys would shift a row of scores as a whole and change nothing.
      Tensor none = Tape.current().fill(Shape.of(width), 0);
      Tensor bias = TensorOps.concat(0, qBias.get(), none, vBias.get());
      Tensor parts =
          x.linear(qkv.weight(), bias).reshape(n, tokens, 3, heads, d).permute(2, 0, 3, 1, 4);
      Tensor q = part(parts, 0), k = part(parts, 1), v = part(parts, 2);
      Tensor position =
          table.get().gather(positions).reshape(tokens, tokens, heads).permute(2, 0, 1);
      Tensor y = q.attention(k, v, position, 1 / Math.sqrt(d));
      return proj.apply(y.permute(0, 2, 1, 3).reshape(n, tokens, width));
    }

    /// `[n, h, t, d]`, a view.
    private static Tensor part(Tensor parts, int i) {
      Shape s = parts.shape();
      return parts.narrow(0, i, 1).reshape(s.without(0, 1));
    }
  }

  /// For each pair of tokens the row of the bias table: one for each offset on the grid, then three
  /// for class token to patch, patch to class token, and class token to itself.
  static int[] relativePositions(int grid) {
    int tokens = grid * grid + 1, side = 2 * grid - 1, offsets = side * side;
    int[] index = new int[tokens * tokens];
    for (int i = 0; i < tokens; i++) {
      for (int j = 0; j < tokens; j++) {
        int a = i - 1, b = j - 1;
        index[i * tokens + j] =
            i == 0 && j == 0
                ? offsets + 2
                : i == 0
                    ? offsets
                    : j == 0
                        ? offsets + 1
                        : (a / grid - b / grid + grid - 1) * side + a % grid - b % grid + grid - 1;
      }
    }
    return index;
  }
}
