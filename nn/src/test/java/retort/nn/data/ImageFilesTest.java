package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.nn.io.FormatException;

class ImageFilesTest {
  private static final byte[] JPEG = ImageFileTest.decode64(ImageFileTest.COLOUR);

  @TempDir Path folder;

  private Path put(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  @Test
  void foldersAreClassesInAlphabeticalOrder() throws IOException {
    put("n02/b.JPEG", JPEG);
    put("n01/z.jpg", JPEG);
    put("n01/a.JPEG", JPEG);
    put("n01/notes.txt", new byte[1]);
    ImageFiles images = ImageFiles.folders(folder);
    assertThat(images.classes()).containsExactly("n01", "n02");
    assertThat(images.size()).isEqualTo(3);
    assertThat(images.counts()).containsExactly(2, 1);
    assertThat(images.file(0)).isEqualTo(folder.resolve("n01/a.JPEG"));
    assertThat(images.label(2)).isEqualTo(1);
    assertThat(images.image(2).width()).isEqualTo(16);
    Files.createDirectory(folder.resolve("n03"));
    assertThatThrownBy(() -> ImageFiles.folders(folder))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage(
            "class folder "
                + folder.resolve("n03")
                + " holds no image ([.jpeg, .jpg, .png, .gif, .bmp])");
  }

  @Test
  void aWholeViewIsMadeInTheBackground() throws IOException {
    put("n01/a.JPEG", JPEG);
    put("n02/b.JPEG", JPEG);
    Views views =
        new Views(
            ImageFiles.folders(folder),
            List.of(
                new Geometry.RandomResizedCrop(96, 0.08, 1, Resample.BICUBIC),
                new Transform.RandomFlip(),
                new ColourJitter(0.4, 0.4, 0.4),
                RandAugment.standard(Normalisation.imageNet())),
            96,
            96,
            Normalisation.imageNet(),
            7);
    float[] view = new float[views.floats()];
    try (Batches batches = Loader.training(views, 2, 3).epoch(1)) {
      Batch batch = batches.next();
      views.write(1, batch.indices[1], 0, view, 0);
      for (int i = 0; i < view.length; i++) {
        assertThat(batch.images[view.length + i]).isEqualTo(view[i]);
      }
    }
  }

  @Test
  void aBrokenImageIsNamedToTheCaller() throws IOException {
    Path broken = put("n01/a.JPEG", new byte[] {(byte) 0xff, (byte) 0xd8, 0});
    Views views =
        new Views(
            ImageFiles.folders(folder),
            List.of(new Geometry.CenterCrop(96)),
            96,
            96,
            Normalisation.imageNet(),
            0);
    try (Batches batches = Loader.evaluation(views, 1).epoch(0)) {
      assertThatThrownBy(batches::next)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(broken + ": truncated JPEG: it ends in its header");
    }
  }

  @Test
  void listsNameFilesAndLabels() throws IOException {
    put("train/n01/a.JPEG", JPEG);
    put("train/n02/with space.JPEG", JPEG);
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "train/n01/a.JPEG 7\ntrain/n02/with space.JPEG 2\n\n");
    ImageFiles images = ImageFiles.list(folder, list, 8);
    assertThat(images.label(0)).isEqualTo(7);
    assertThat(images.label(1)).isEqualTo(2);
    assertThat(images.classes()).hasSize(8);
    assertThatThrownBy(() -> ImageFiles.list(folder, list, 7))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            list + ": line 1: expected a path and a label below 7, got \"train/n01/a.JPEG 7\"");
    Files.writeString(list, "train/n09/x.JPEG 1\n");
    assertThatThrownBy(() -> ImageFiles.list(folder, list, 8))
        .hasMessage("no " + folder.resolve("train/n09/x.JPEG") + ", which " + list + " names");
    Files.writeString(list, "\n");
    assertThatThrownBy(() -> ImageFiles.list(folder, list, 8)).hasMessage(list + ": an empty list");
    assertThatThrownBy(() -> ImageFiles.list(folder, folder.resolve("no.txt"), 8))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageStartingWith("no list file " + folder.resolve("no.txt"))
        .hasMessageContaining("ImageNet_LT_train.txt (115,846 lines)");
  }

  @Test
  void unlabelledFoldersAreRead() throws IOException {
    put("x/1.png", JPEG);
    put("0.jpg", JPEG);
    ImageFiles images = ImageFiles.unlabelled(folder);
    assertThat(images.size()).isEqualTo(2);
    assertThat(images.label(0)).isEqualTo(ImageSource.UNLABELLED);
    assertThatThrownBy(() -> ImageFiles.unlabelled(folder.resolve("nowhere")))
        .hasMessage("no folder " + folder.resolve("nowhere"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> ImageFiles.unlabelled(empty))
        .hasMessageStartingWith(empty + " holds no image");
    assertThatThrownBy(() -> ImageFiles.folders(empty))
        .hasMessageStartingWith(empty + " holds no class folders. ImageNet (ILSVRC 2012");
  }

  @Test
  void shardsAreReadAtRandom() throws IOException {
    Path first =
        put(
            "a-0000.tar",
            TarTest.archive(
                TarTest.entry("s1.jpg", '0', JPEG),
                TarTest.entry("s1.cls", '0', text("3\n")),
                TarTest.entry("s1.json", '0', text("{}")),
                TarTest.entry("s2.cls", '0', text("1")),
                TarTest.entry("s2.jpg", '0', JPEG)));
    Path second = put("a-0001.tar", TarTest.archive(TarTest.entry("s1.jpg", '0', JPEG)));
    TarShards shards = new TarShards(TarShards.in(folder), 4);
    assertThat(TarShards.in(folder)).containsExactly(first, second);
    assertThat(shards.size()).isEqualTo(3);
    assertThat(List.of(shards.label(0), shards.label(1), shards.label(2)))
        .containsExactly(3, 1, ImageSource.UNLABELLED);
    for (int i = 2; i >= 0; i--) {
      assertThat(ImageFileTest.crc(shards.image(i))).isEqualTo(1166086861L);
    }
    assertThatThrownBy(() -> new TarShards(List.of(first), 3))
        .hasMessage(first + ": s1.cls: label \"3\"; there are 3 classes");
    Path zipped = put("z.tar", new byte[] {0x1f, (byte) 0x8b, 8});
    assertThatThrownBy(() -> new TarShards(List.of(zipped), 3))
        .hasMessage(zipped + ": shards are read at random: unpack it with gunzip first");
    assertThatThrownBy(() -> new TarShards(List.of(), 3))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("no image in the shards []");
  }

  @Test
  void shotAccuracyAveragesClassesByTheirTrainingCounts() {
    int[] counts = {101, 100, 20, 19};
    int[] labels = {0, 0, 1, 1, 2, 2, 3, 3};
    int[] predictions = {0, 0, 1, 0, 2, 2, 0, 0};
    ShotAccuracy accuracy = ShotAccuracy.of(labels, predictions, counts);
    assertThat(accuracy).isEqualTo(new ShotAccuracy(5 / 8.0, 1, 0.75, 0));
    assertThat(ShotAccuracy.of(new int[] {0}, new int[] {0}, new int[] {200}).few()).isNaN();
    assertThatThrownBy(() -> ShotAccuracy.of(labels, new int[3], counts))
        .hasMessage("3 predictions for 8 labels");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
