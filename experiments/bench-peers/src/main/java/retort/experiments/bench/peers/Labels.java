package retort.experiments.bench.peers;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Class labels as PyTorch wants them, and the arguments of `backward` that are left at their
/// defaults.
final class Labels {
  static final BoolOptional UNSET = new BoolOptional();
  static final TensorArrayRefOptional ALL = new TensorArrayRefOptional();

  private Labels() {}

  /// For the caller to close.
  static Tensor tensor(long[] labels) {
    try (PointerScope _ = new PointerScope();
        LongPointer from = new LongPointer(labels)) {
      TensorOptions integers = new TensorOptions(ScalarType.Long);
      Tensor own = torch.from_blob(from, new long[] {labels.length}, integers).clone();
      own.retainReference(); // beyond the scope
      return own;
    }
  }
}
