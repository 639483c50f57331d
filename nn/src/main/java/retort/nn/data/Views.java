package retort.nn.data;

import java.io.IOException;
import java.util.List;

/// The views of a source's images: transformed by draws that depend on (seed, epoch, index, view)
/// alone, then normalised.
public final class Views implements Samples {
  private final ImageSource source;
  private final List<Transform> transforms;
  private final int height;
  private final int width;
  private final int channels;
  private final float[] table;
  private final long seed;

  /// `height` and `width` are what the transforms leave.
  public Views(
      ImageSource source,
      List<Transform> transforms,
      int height,
      int width,
      Normalisation normalisation,
      long seed) {
    this.source = source;
    this.transforms = List.copyOf(transforms);
    this.height = height;
    this.width = width;
    this.channels = normalisation.channels();
    this.table = normalisation.table();
    this.seed = seed;
  }

  /// The images as they are.
  public static Views plain(Dataset data) {
    return of(data, 0);
  }

  /// The standard augmentation of small images: padded by four pixels and cropped, flipped.
  public static Views cropped(Dataset data, long seed) {
    return of(data, seed, new Transform.RandomCrop(4), new Transform.RandomFlip());
  }

  public static Views of(Dataset data, long seed, Transform... transforms) {
    return new Views(
        data, List.of(transforms), data.height(), data.width(), data.normalisation(), seed);
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public int classes() {
    return source.classes().size();
  }

  @Override
  public int label(int index) {
    return source.label(index);
  }

  /// One view as an image, before it is normalised.
  public Image image(int epoch, int index, int view) throws IOException {
    Image image = source.image(index);
    Draws draws = Draws.of(seed, "augment", epoch, index, view);
    for (Transform transform : transforms) {
      image = transform.apply(image, draws);
    }
    if (image.height() != height || image.width() != width || image.channels() != channels) {
      throw new IllegalStateException(
          "image "
              + index
              + " leaves its transforms "
              + transforms
              + " as "
              + image.height()
              + "x"
              + image.width()
              + "x"
              + image.channels()
              + ", expected "
              + height
              + "x"
              + width
              + "x"
              + channels
              + "; end them with a resize or crop to that size");
    }
    return image;
  }

  @Override
  public void write(int epoch, int index, int view, float[] out, int at) throws IOException {
    byte[] pixels = image(epoch, index, view).pixels();
    for (int i = 0, c = 0; i < pixels.length; i++) {
      out[at + i] = table[c * 256 + (pixels[i] & 0xff)];
      c = c + 1 == channels ? 0 : c + 1;
    }
  }
}
