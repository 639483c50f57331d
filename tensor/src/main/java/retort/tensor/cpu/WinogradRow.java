package retort.tensor.cpu;

/// A transform of blocks beside each other, of all their channels: over the channels of one block
/// after another, or over the blocks, a vector of channels at a time, whatever takes fewer calls of
/// a tile.
///
/// @param inBlock numbers from a block to the next
/// @param outBlock numbers from a transformed block to the next
record WinogradRow(Tile overChannels, Tile overBlocks, int inBlock, int outBlock) {
  static WinogradRow of(
      WinogradTile.Matrix matrix,
      int inLine,
      int inPixel,
      int inBlock,
      int outLine,
      int outPixel,
      int outBlock) {
    int lanes = GemmTiles.LANES;
    return new WinogradRow(
        new WinogradTile(matrix, inLine, inPixel, lanes, outLine, outPixel, lanes).fastest(),
        new WinogradTile(matrix, inLine, inPixel, inBlock, outLine, outPixel, outBlock).fastest(),
        inBlock,
        outBlock);
  }

  /// Transforms some blocks of some vectors of channels; a line pitch that is 0 in the tile is
  /// given here. `work` holds 36 vectors from [Scratch#ALIGN] on.
  void run(
      int blocks,
      int vectors,
      float[] a,
      int ao,
      int aPitch,
      float[] work,
      float[] c,
      int co,
      int cPitch,
      boolean adds) {
    int at = Scratch.ALIGN, lanes = GemmTiles.LANES;
    if (vectors < blocks) {
      for (int i = 0; i < vectors * lanes; i += lanes) {
        overBlocks.run(blocks, a, ao + i, aPitch, work, at, 0, c, co + i, cPitch, adds);
      }
    } else {
      for (int i = 0; i < blocks; i++) {
        int from = ao + i * inBlock, to = co + i * outBlock;
        overChannels.run(vectors, a, from, aPitch, work, at, 0, c, to, cPitch, adds);
      }
    }
  }
}
