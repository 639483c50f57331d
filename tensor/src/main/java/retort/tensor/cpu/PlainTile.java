package retort.tensor.cpu;

import java.util.concurrent.ConcurrentHashMap;

/// A tile in plain loops, which knows itself as vector code. Its fields are the constants that the
/// vector code is compiled for.
sealed interface PlainTile extends Tile
    permits GemmTile,
        TurnTile,
        CopyTile,
        DirectTile,
        DepthwiseTile,
        DepthwiseGradTile,
        WinogradTile {
  ConcurrentHashMap<PlainTile, Tile> FASTEST = new ConcurrentHashMap<>();

  /// The same operations on the same numbers in the same order, in the Vector API.
  Tile vector();

  /// The same in vector code that all tiles of the kind share; the tile itself where there is none.
  default Tile shared() {
    return this;
  }

  /// Numbers that its arrays must hold for a run with this n and this pitch in all of them.
  int reach(int n, int pitch);

  /// The fastest that this machine has for the tile, made when first asked for. To be looked up
  /// once a kernel, not once a call.
  default Tile fastest() {
    if (!Simd.ON) return this;
    return FASTEST.computeIfAbsent(this, plain -> new WarmingTile(plain));
  }
}
