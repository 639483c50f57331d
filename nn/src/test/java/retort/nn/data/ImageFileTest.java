package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import retort.nn.SharedData;
import retort.nn.io.FormatException;

/// The expected checksums (CRC-32 of the RGB bytes) are of what PIL 12.3 decodes from these files,
/// which PIL also wrote: 16x12 ramps.
class ImageFileTest {
  static final String COLOUR =
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywt"
          + "QFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09P"
          + "T09PT09PT09PT09PT09PT09PT0//wAARCAAMABADASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAABf/EABoQAAIC"
          + "AwAAAAAAAAAAAAAAAAAEAyIFITH/xAAVAQEBAAAAAAAAAAAAAAAAAAADBf/EABgRAAMBAQAAAAAAAAAAAAAAAAACBSEE"
          + "/9oADAMBAAIRAxEAPwARfFcqJr4rlR5daLVRNdaLVSnR7W0CRRfD/9k=";
  private static final String GREY =
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4"
          + "UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAAMABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABQT/xAAYEAEBAAMAAAAA"
          + "AAAAAAAAAAADAAVRYv/aAAgBAQAAPwAkcbzXjjeZgQPUgIHq/9k=";
  private static final String CMYK =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBt"
          + "UVdfYmdoZz5NcXlwZHhcZWdj/8AAFAgADAAQBEMRAE0RAFkRAEsRAP/EABcAAAMBAAAAAAAAAAAAAAAAAAAGBwX/xAAd"
          + "EAEAAQMFAAAAAAAAAAAAAAAABAVBQgMUFVJi/9oADgRDAE0AWQBLAAA/AFuiYsLgfBym3UBQKJiOB8F+bcJ/RMVE2ej1"
          + "ME24UCiYjZ6PUvzbh//Z";
  private static final String RGB =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBX"
          + "QUZMTlJTUjI+WmFaUGBKUVJP/8AAEQgADAAQA1IRAEcRAEIRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAYHAP/EAB4QAAED"
          + "BAMAAAAAAAAAAAAAAAAFBkEEFBZCUmKh/9oADANSAEcAQgAAPwAm39Q3jfTweqElOb+psb6eBhQkmLf1KnYU/ATqElOb"
          + "+prCn4BhQk//2Q==";

  static byte[] decode64(String text) {
    return Base64.getDecoder().decode(text);
  }

  static long crc(Image image) {
    CRC32 crc = new CRC32();
    crc.update(image.pixels());
    return crc.getValue();
  }

  private static long crc(String base64) throws IOException {
    Image image = ImageFile.read(decode64(base64), "f");
    assertThat(image.channels()).isEqualTo(3);
    return crc(image);
  }

  @Test
  void decodesEveryKindOfJpegAsPilDoes() throws IOException {
    assertThat(crc(COLOUR)).isEqualTo(1166086861L);
    assertThat(crc(GREY)).isEqualTo(3374901586L);
    assertThat(crc(RGB)).isEqualTo(1722720485L);
    assertThat(crc(CMYK)).isEqualTo(2946414892L);
    byte[] ycck = decode64(CMYK);
    ycck[17] = 2; // Adobe's mark of the transform
    assertThat(crc(ImageFile.read(ycck, "f"))).isEqualTo(24569089L);
  }

  @Test
  void brokenMetadataAndProfilesDoNotMatter() throws IOException {
    byte[] plain = decode64(COLOUR);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(plain, 0, 20);
    for (String content :
        List.of("Exif\0\0II*\0\u00ff\u00ff\u00ff\u007f", "ICC_PROFILE\0\1\1no profile")) {
      byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
      int marker = content.startsWith("E") ? 0xe1 : 0xe2;
      out.writeBytes(new byte[] {(byte) 0xff, (byte) marker, 0, (byte) (bytes.length + 2)});
      out.writeBytes(bytes);
    }
    out.write(plain, 20, plain.length - 20);
    assertThat(crc(ImageFile.read(out.toByteArray(), "f"))).isEqualTo(1166086861L);
  }

  @Test
  void decodesEveryKindOfPngAsPilDoes() throws IOException {
    assertThat(
            crc(
                "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAgMAAADgGo6JAAAADFBMVEWHkIWEfX+YfHNhfY0aUTiLAAAADElEQVR4nGM4"
                    + "wSACAAJwAN0mLX6jAAAAAElFTkSuQmCC"))
        .as("palette")
        .isEqualTo(3189425476L);
    assertThat(
            crc(
                "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAQAAAA3fa6RAAAAFklEQVR4nGPM+6/E8JmBRZLhPQMDAwAgFQOQ91sqpQAA"
                    + "AABJRU5ErkJggg=="))
        .as("grey and alpha")
        .isEqualTo(784320795L);
    assertThat(
            crc(
                "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAI0lEQVR4nGN0q5r53172HYPw0zcMLE58rxj+PPvD8ISF"
                    + "lwEAkXUKmcxhEdQAAAAASUVORK5CYII="))
        .as("colour and alpha")
        .isEqualTo(2568049976L);
  }

  @Test
  void decodesAndResizesPhotographsAsPilDoes() throws IOException {
    List<Path> photos;
    try (Stream<Path> files = Files.list(SharedData.file("imagenet-photos"))) {
      photos = files.filter(f -> f.toString().endsWith(".JPEG")).sorted().limit(10).toList();
    }
    CRC32 decoded = new CRC32();
    CRC32 bilinear = new CRC32();
    CRC32 bicubic = new CRC32();
    for (Path photo : photos) {
      Image image = ImageFile.read(photo);
      decoded.update(image.pixels());
      bilinear.update(new Geometry.ResizeShort(256, Resample.BILINEAR).apply(image, null).pixels());
      bicubic.update(new Geometry.ResizeShort(256, Resample.BICUBIC).apply(image, null).pixels());
    }
    assertThat(decoded.getValue()).isEqualTo(2711916306L);
    assertThat(bilinear.getValue()).isEqualTo(3889507342L);
    assertThat(bicubic.getValue()).isEqualTo(3039947872L);
  }

  @Test
  void refusesTruncatedAndForeignFiles() {
    byte[] jpeg = decode64(COLOUR);
    for (int length = 0; length < jpeg.length - 2; length++) {
      byte[] cut = Arrays.copyOf(jpeg, length);
      assertThatThrownBy(() -> ImageFile.read(cut, "a.jpg"))
          .as("%d bytes", length)
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith("a.jpg: ");
    }
    assertThatThrownBy(() -> ImageFile.read(Arrays.copyOf(jpeg, 40), "a.jpg"))
        .hasMessage("a.jpg: truncated JPEG: it ends in its header");
    assertThatThrownBy(() -> ImageFile.read(new byte[] {1, 2, 3}, "a.jpg"))
        .hasMessage("a.jpg: no image that can be read; JPEG, PNG, GIF and BMP can (3 bytes)");
  }
}
