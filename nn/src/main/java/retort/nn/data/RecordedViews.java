package retort.nn.data;

import java.io.IOException;

/// The same samples in every epoch: view v of a sample stays what it was in epoch 0. With
/// [Order.Recorded] a training sees a fixed number of views of each sample, whose teacher features
/// can be cached.
public record RecordedViews(Samples samples) implements Samples {
  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public int height() {
    return samples.height();
  }

  @Override
  public int width() {
    return samples.width();
  }

  @Override
  public int channels() {
    return samples.channels();
  }

  @Override
  public int classes() {
    return samples.classes();
  }

  @Override
  public int label(int index) {
    return samples.label(index);
  }

  @Override
  public void write(int epoch, int index, int view, float[] out, int at) throws IOException {
    samples.write(0, index, view, out, at);
  }
}
