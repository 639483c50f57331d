package retort.nn.data;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;
import retort.nn.io.FormatException;

/// Decodes the JPEG files that photo collections really hold.
///
/// The JDK's decoder stumbles over broken EXIF blocks and colour profiles and refuses CMYK, so it
/// is given the file without its metadata, and asked for the samples as they are coded; the
/// conversion to RGB is done here, with libjpeg's arithmetic.
final class Jpeg {
  /// How the three or four components of a file are meant.
  private enum Coding {
    GREY,
    YCBCR,
    RGB,
    CMYK,
    YCCK
  }

  private final byte[] bytes;
  private final Object file;
  private final ByteArrayOutputStream bare = new ByteArrayOutputStream();
  private boolean jfif;
  private int adobe = -1;
  private int components;
  private final byte[] ids = new byte[4];

  private Jpeg(byte[] bytes, Object file) {
    this.bytes = bytes;
    this.file = file;
  }

  static Image read(byte[] bytes, Object file) throws IOException {
    Jpeg jpeg = new Jpeg(bytes, file);
    jpeg.strip();
    Raster raster = jpeg.decode();
    Coding coding = jpeg.coding();
    Image out = new Image(raster.getHeight(), raster.getWidth(), 3);
    int[] pixel = new int[raster.getNumBands() * out.width()];
    for (int y = 0; y < out.height(); y++) {
      raster.getPixels(0, y, out.width(), 1, pixel);
      convert(coding, pixel, out, y);
    }
    return out;
  }

  /// Copies the file without its APPn and comment segments, and notes what they say about colours.
  private void strip() throws FormatException {
    bare.write(bytes, 0, 2);
    int at = 2;
    while (at + 4 <= bytes.length) {
      int marker = bytes[at + 1] & 0xff;
      if ((bytes[at] & 0xff) != 0xff) {
        throw new FormatException(file, "damaged JPEG: no marker at byte " + at);
      }
      if (marker == 0xff) { // a fill byte
        at++;
        continue;
      }
      int length = (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
      if (at + 2 + length > bytes.length) {
        break;
      }
      boolean application = marker >= 0xe0 && marker <= 0xef || marker == 0xfe;
      if (application) {
        note(marker, at + 4, length - 2);
      } else {
        boolean frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame && length > 8) {
          components = bytes[at + 9];
          for (int i = 0; i < Math.min(components, ids.length) && 10 + 3 * i < length; i++) {
            ids[i] = bytes[at + 10 + 3 * i];
          }
        }
        bare.write(bytes, at, 2 + length);
      }
      at += 2 + length;
      if (marker == 0xda) { // the scans follow: the rest is copied as it is
        bare.write(bytes, at, bytes.length - at);
        return;
      }
    }
    throw new FormatException(file, "truncated JPEG: it ends in its header");
  }

  private void note(int marker, int from, int length) {
    if (marker == 0xe0 && startsWith(from, length, "JFIF\0")) {
      jfif = true;
    } else if (marker == 0xee && length >= 12 && startsWith(from, length, "Adobe")) {
      adobe = bytes[from + 11] & 0xff;
    }
  }

  private boolean startsWith(int from, int length, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (i >= length || bytes[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// libjpeg's own rules.
  private Coding coding() throws FormatException {
    return switch (components) {
      case 1 -> Coding.GREY;
      case 3 -> {
        boolean namedRgb = ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B';
        yield !jfif && (adobe == 0 || adobe < 0 && namedRgb) ? Coding.RGB : Coding.YCBCR;
      }
      case 4 -> adobe == 2 ? Coding.YCCK : Coding.CMYK;
      default -> throw new FormatException(file, "a JPEG of " + components + " components");
    };
  }

  private Raster decode() throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bare.toByteArray()))) {
      reader.setInput(in, true, true);
      String[] cut = new String[1];
      IIOReadWarningListener listener =
          (source, warning) -> {
            // The decoder fills what is missing with grey and only warns.
            if (warning.contains("Premature end") || warning.contains("Truncated")) {
              cut[0] = warning;
            }
          };
      reader.addIIOReadWarningListener(listener);
      Raster raster = reader.readRaster(0, null);
      if (cut[0] != null) {
        throw new FormatException(file, "truncated JPEG: " + cut[0]);
      }
      return raster;
    } catch (IIOException | RuntimeException e) {
      throw new FormatException(file, "damaged JPEG: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  private static void convert(Coding coding, int[] in, Image out, int y) {
    byte[] rgb = out.pixels();
    int at = y * out.width() * 3;
    int bands = in.length / out.width();
    for (int i = 0; i < in.length; i += bands, at += 3) {
      switch (coding) {
        case GREY -> put(rgb, at, in[i], in[i], in[i]);
        case RGB -> put(rgb, at, in[i], in[i + 1], in[i + 2]);
        case YCBCR -> yCbCr(rgb, at, in[i], in[i + 1], in[i + 2]);
        case CMYK -> ink(rgb, at, in[i], in[i + 1], in[i + 2], in[i + 3]);
        case YCCK -> {
          yCbCr(rgb, at, in[i], in[i + 1], in[i + 2]);
          int c = 255 - (rgb[at] & 0xff);
          int m = 255 - (rgb[at + 1] & 0xff);
          int yellow = 255 - (rgb[at + 2] & 0xff);
          ink(rgb, at, c, m, yellow, in[i + 3]);
        }
      }
    }
  }

  /// Inks are stored inverted: Adobe's programs began it, and all others follow.
  private static void ink(byte[] rgb, int at, int c, int m, int y, int k) {
    put(rgb, at, k - scaled(255 - c, k), k - scaled(255 - m, k), k - scaled(255 - y, k));
  }

  /// a * b / 255, rounded.
  private static int scaled(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }

  /// The fixed-point arithmetic of libjpeg, whose rounding decides the last bit.
  private static void yCbCr(byte[] rgb, int at, int y, int cb, int cr) {
    int b = cb - 128;
    int r = cr - 128;
    put(
        rgb,
        at,
        clamp(y + (91881 * r + 32768 >> 16)),
        clamp(y + (-22554 * b - 46802 * r + 32768 >> 16)),
        clamp(y + (116130 * b + 32768 >> 16)));
  }

  private static int clamp(int value) {
    return Math.clamp(value, 0, 255);
  }

  private static void put(byte[] rgb, int at, int r, int g, int b) {
    rgb[at] = (byte) r;
    rgb[at + 1] = (byte) g;
    rgb[at + 2] = (byte) b;
  }
}
