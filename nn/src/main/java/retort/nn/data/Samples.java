package retort.nn.data;

import java.io.IOException;

/// Samples as a network takes them: floats [height, width, channels] and a label.
///
/// A view of a sample is a pure function of (epoch, index, view), so batches can be prepared ahead,
/// by any thread, and again after a resume. `write` is called from several threads.
public interface Samples {
  int size();

  int height();

  int width();

  int channels();

  /// The number of classes.
  int classes();

  /// The label, or [ImageSource#UNLABELLED].
  int label(int index);

  /// Writes one view's floats to `out` from position `at` on.
  void write(int epoch, int index, int view, float[] out, int at) throws IOException;

  default int floats() {
    return height() * width() * channels();
  }
}
