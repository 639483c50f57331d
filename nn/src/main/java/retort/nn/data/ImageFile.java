package retort.nn.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import retort.nn.io.FormatException;

/// Decodes JPEG, PNG, GIF and BMP files, told by their contents, to RGB bytes as Python's PIL gives
/// them with `convert("RGB")`.
///
/// That is: grey is copied to the three channels, transparency is dropped, colour profiles and the
/// camera's orientation are ignored. Models trained elsewhere have seen images decoded like this.
public final class ImageFile {
  private ImageFile() {}

  public static Image read(Path file) throws IOException {
    return read(Files.readAllBytes(file), file);
  }

  /// `file` is what messages call it.
  public static Image read(byte[] bytes, Object file) throws IOException {
    Image image = decode(bytes, file);
    if (image.height() == 1 && image.width() == 1) {
      throw new FormatException(
          file, "an image of one pixel shows nothing; take it out of the collection");
    }
    return image;
  }

  private static Image decode(byte[] bytes, Object file) throws IOException {
    if (bytes.length > 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8) {
      return Jpeg.read(bytes, file);
    }
    BufferedImage image;
    try {
      // In memory: ImageIO alone would spool every stream to a temporary file. It closes what it
      // reads.
      image = ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException | RuntimeException e) {
      throw new FormatException(file, "damaged image: " + e.getMessage(), e);
    }
    if (image == null) {
      throw new FormatException(
          file,
          "no image that can be read; JPEG, PNG, GIF and BMP can (" + bytes.length + " bytes)");
    }
    return image.getColorModel() instanceof IndexColorModel ? coloured(image) : samples(image);
  }

  private static Image coloured(BufferedImage image) {
    Image out = new Image(image.getHeight(), image.getWidth(), 3);
    int at = 0;
    for (int y = 0; y < out.height(); y++) {
      for (int x = 0; x < out.width(); x++) {
        int rgb = image.getRGB(x, y);
        out.pixels()[at++] = (byte) (rgb >> 16);
        out.pixels()[at++] = (byte) (rgb >> 8);
        out.pixels()[at++] = (byte) rgb;
      }
    }
    return out;
  }

  /// Takes the samples as they are: `getRGB` would convert between colour spaces.
  private static Image samples(BufferedImage image) {
    Raster raster = image.getRaster();
    boolean grey = raster.getNumBands() < 3;
    int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
    Image out = new Image(image.getHeight(), image.getWidth(), 3);
    int[] row = new int[out.width()];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < out.height(); y++) {
        raster.getSamples(0, y, row.length, 1, grey ? 0 : c, row);
        for (int x = 0; x < row.length; x++) {
          out.pixels()[(y * row.length + x) * 3 + c] = (byte) (row[x] >> shift);
        }
      }
    }
    return out;
  }
}
