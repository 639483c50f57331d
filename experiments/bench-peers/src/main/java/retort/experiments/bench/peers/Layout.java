package retort.experiments.bench.peers;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import retort.tensor.Shape;

/// How PyTorch lays out images and weights, and the way there and back from ours: `[n, h, w, c]`
/// here is `[n, c, h, w]` there, whatever lies next to what in memory.
enum Layout {
  CHANNELS_LAST("channels-last", MemoryFormat.ChannelsLast),
  CHANNELS_FIRST("channels-first", MemoryFormat.Contiguous);

  private final String label;
  private final MemoryFormat format;

  Layout(String label, MemoryFormat format) {
    this.label = label;
    this.format = format;
  }

  String label() {
    return label;
  }

  /// A tensor of its own, for the caller to close.
  Tensor tensor(float[] values, Shape shape) {
    try (PointerScope _ = new PointerScope();
        FloatPointer from = new FloatPointer(values)) {
      long[] dims = new long[shape.rank()];
      for (int i = 0; i < dims.length; i++) dims[i] = shape.at(i);
      Tensor seen = torch.from_blob(from, dims);
      if (dims.length == 4) seen = seen.permute(0, 3, 1, 2).contiguous(format);
      Tensor own = seen.clone(); // keeps the order in memory
      own.retainReference(); // beyond the scope
      return own;
    }
  }

  static float[] floats(Tensor t) {
    try (PointerScope _ = new PointerScope()) {
      Tensor ours = t.detach();
      if (t.dim() == 4) ours = ours.permute(0, 2, 3, 1);
      ours = ours.contiguous();
      float[] values = new float[(int) ours.numel()];
      ours.data_ptr_float().get(values);
      return values;
    }
  }
}
