package retort.tensor.cpu;

import retort.tensor.Philox;

/// Random words of a stream, a few blocks of the generator at a time. For one thread at a time.
final class Words {
  /// Words drawn together: 16 blocks.
  private static final int COUNT = 64;

  final int[] word = new int[COUNT];
  private final int[] block = new int[4];
  private final Philox draws;

  Words(Philox draws) {
    this.draws = draws;
  }

  /// Draws i, which begins a block, and those after it, up to and without `end`; returns how many,
  /// 64 at most. Whole blocks are drawn, so the word after the last is there too if it shares a
  /// block.
  int draw(int i, int end) {
    int n = Math.min(COUNT, end - i);
    for (int j = 0; j < n; j += 4) {
      draws.block((i + j) >> 2, block);
      System.arraycopy(block, 0, word, j, 4);
    }
    return n;
  }
}
