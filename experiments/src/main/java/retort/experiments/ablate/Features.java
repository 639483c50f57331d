package retort.experiments.ablate;

import java.util.Arrays;
import retort.experiments.terminal.Progress;
import retort.gendd.Teacher;
import retort.nn.backbone.Backbone;
import retort.nn.data.Batch;
import retort.nn.data.Batches;
import retort.nn.data.Loader;
import retort.nn.data.Samples;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The features of two bodies that stand still, computed once: a sample is the student's feature
/// and the teacher's behind it, to be read through [Slice]s.
///
/// @param rows `[samples, student + teacher]`
record Features(float[] rows, int student, int teacher, int[] labels, int classes)
    implements Samples {
  /// Large enough to keep the cores busy, small enough for any memory.
  static final int BATCH = 250;

  static Features of(Backbone student, Teacher teacher, Samples images, Progress progress) {
    int s = student.featureWidth(), t = teacher.featureWidth();
    float[] rows = new float[images.size() * (s + t)];
    int[] labels = new int[images.size()];
    int[] at = {0};
    student.evaluating(() -> {
      each(
          student.device(),
          images,
          (x, batch) -> {
            progress.add(batch.length);
            float[] own = student.embed(x).toFloats(), goal = teacher.embed(x).toFloats();
            for (int i = 0; i < batch.length; i++, at[0]++) {
              System.arraycopy(own, i * s, rows, at[0] * (s + t), s);
              System.arraycopy(goal, i * t, rows, at[0] * (s + t) + s, t);
              labels[at[0]] = batch[i];
            }
          });
      return null;
    });
    return new Features(rows, s, t, labels, images.classes());
  }

  /// What is done with a batch: its images `[n, h, w, c]` and their labels.
  @FunctionalInterface
  interface Visit {
    void batch(Tensor x, int[] labels);
  }

  /// Shows all samples in order, a batch at a time, each in a tape that doesn't record.
  static void each(Device device, Samples samples, Visit visit) {
    try (Batches batches = Loader.evaluation(samples, BATCH).epoch(0)) {
      for (Batch b : batches) {
        Shape shape = Shape.of(b.size(), samples.height(), samples.width(), samples.channels());
        int[] labels = Arrays.copyOf(b.labels, b.size());
        Tape.infer(
            device,
            tape -> {
              visit.batch(tape.inputFrom(shape, b.images), labels);
              return null;
            });
      }
    }
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int height() {
    return 1;
  }

  @Override
  public int width() {
    return 1;
  }

  @Override
  public int channels() {
    return student + teacher;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public void write(int epoch, int index, int view, float[] out, int at) {
    System.arraycopy(rows, index * channels(), out, at, channels());
  }
}
