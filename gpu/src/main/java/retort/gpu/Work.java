package retort.gpu;

import java.util.Arrays;
import retort.tensor.Product;

/// One thing asked of the card, with all that it needs to be asked again.
sealed interface Work {
  /// What must be the same for a recorded work to stand in for this one, once it has been given
  /// this one's arguments.
  Object form();

  /// What messages call it.
  String name();

  /// A kernel on a grid. Any argument of a recorded launch can be set anew.
  ///
  /// @param arguments as [Arguments] packs them
  record Launch(Grid grid, Object... arguments) implements Work {
    @Override
    public Object form() {
      return grid;
    }

    @Override
    public String name() {
      return grid.kernel();
    }

    boolean hasArgumentsOf(Launch other) {
      return Arrays.deepEquals(arguments, other.arguments);
    }
  }

  record Grid(String kernel, int x, int y, int blockX, int blockY) {}

  /// A product by cuBLAS, whose kernels are its own affair: recorded, it stands for the very same
  /// product at the very same addresses.
  ///
  /// @param a the address of floats, or of bfloat16
  /// @param adds whether c is added to
  record Multiplication(Product product, long a, long b, long c, boolean adds, Precision precision)
      implements Work {
    @Override
    public Object form() {
      return this;
    }

    @Override
    public String name() {
      return "the product " + product;
    }
  }
}
