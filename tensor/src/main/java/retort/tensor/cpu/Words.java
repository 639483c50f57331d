package retort.tensor.cpu;

import retort.tensor.Philox;

/// Random words of a stream, some blocks of the generator at a time, as four rows: word j of block
/// i at `[j][i]`. For one thread at a time.
class Words {
  /// Blocks drawn together: enough to keep vectors of any width busy, few enough for L1.
  static final int BLOCKS = 64;

  /// Words drawn together.
  static final int COUNT = 4 * BLOCKS;

  final int[][] word = new int[4][BLOCKS];
  final Philox draws;
  private final int[] block = new int[4];

  Words(Philox draws) {
    this.draws = draws;
  }

  static Words of(Philox draws) {
    return Simd.ON ? new VectorWords(draws) : new Words(draws);
  }

  /// Draws blocks `first` to `first` + [#BLOCKS] - 1.
  void draw(long first) {
    for (int i = 0; i < BLOCKS; i++) {
      draws.block(first + i, block);
      for (int j = 0; j < 4; j++) word[j][i] = block[j];
    }
  }
}
