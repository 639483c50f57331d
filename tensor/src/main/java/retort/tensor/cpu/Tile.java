package retort.tensor.cpu;

/// The innermost loop of a kernel, over blocks of three arrays: reads a and b, lands in c, and adds
/// to what c holds where asked. What n counts and what the pitches separate is each tile's own.
///
/// Each comes twice, as vector code and in plain loops. Both do the same operations on each number
/// in the same order, so their bits are the same: the plain one is the explanation of the other,
/// its test, and its stand-in where there is no Vector API, or none yet (see [WarmingTile]).
interface Tile {
  void run(
      int n,
      float[] a,
      int ao,
      int aPitch,
      float[] b,
      int bo,
      int bPitch,
      float[] c,
      int co,
      int cPitch,
      boolean adds);
}
