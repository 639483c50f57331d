package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class FashionMnistTest {
  @Test
  void holdsAThousandTrainingImagesAClass() {
    Dataset.Split split = FashionMnist.embedded();
    assertThat(split.train().counts()).hasSize(10).containsOnly(1000);
    assertThat(split.heldOut().counts()).hasSize(10).containsOnly(200);
    assertThat(split.train().height()).isEqualTo(32);
    assertThat(split.train().classes().get(split.train().label(0))).isEqualTo("Ankle boot");
    // The published mean of all 28x28 training images is 0.2860; the padding dilutes it.
    assertThat(split.train().normalisation().mean()[0] * 32 * 32 / (28 * 28))
        .isCloseTo(0.286f, within(0.005f));
    assertThat(split.heldOut().normalisation()).isSameAs(split.train().normalisation());
    Image image = split.train().image(0);
    for (int i = 0; i < 32; i++) {
      assertThat(image.at(0, i, 0) + image.at(1, i, 0) + image.at(30, i, 0)).isZero();
    }
  }

  @Test
  void isWhatItsProgramMakesFromTheOriginals() throws IOException {
    Path originals = Path.of("/usr/share/datasets/fashion-mnist");
    Assumptions.assumeTrue(
        Files.isDirectory(originals), "Debian's package dataset-fashion-mnist isn't installed");
    for (int part = 0; part < 2; part++) {
      Idx[] made = MakeFashionMnistSubset.subset(originals, part);
      String name = FashionMnist.FOLDER + MakeFashionMnistSubset.PARTS[part];
      assertThat(embedded(name + "-images-idx3-ubyte.gz").data()).isEqualTo(made[0].data());
      assertThat(embedded(name + "-labels-idx1-ubyte.gz").data()).isEqualTo(made[1].data());
    }
  }

  @Test
  void carriesItsLicence() throws IOException {
    try (InputStream in =
        FashionMnist.class.getResourceAsStream(FashionMnist.FOLDER + "LICENSE.txt")) {
      assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .startsWith("The MIT License")
          .contains("Zalando");
    }
  }

  @Test
  void refusesDamagedData() {
    assertThatThrownBy(() -> FashionMnist.checkSum(new byte[] {1}, "00", "embedded file x"))
        .hasMessage(
            "embedded file x: damaged: SHA-256"
                + " 4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a,"
                + " expected 00; build it again");
  }

  private static Idx embedded(String name) throws IOException {
    try (InputStream in = FashionMnist.class.getResourceAsStream(name)) {
      return Idx.read(in, name);
    }
  }
}
