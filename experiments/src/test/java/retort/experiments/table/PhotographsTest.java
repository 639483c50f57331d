package retort.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.SharedData;

/// The ImageNet recipes on a folder of ten classes, with small inputs; and what is said of folders
/// that are not as they should be.
class PhotographsTest {
  @TempDir static Path temp;

  private static Path folder;

  /// Four photographs a class, one of them to test on; drawn ones where there are no real ones.
  @BeforeAll
  static void folders() throws IOException {
    folder = imageNet("imagenet", 10);
  }

  private static Path imageNet(String name, int classes) throws IOException {
    Path root = temp.resolve(name);
    for (int i = 0; i < 5 * classes; i++) {
      Path part =
          root.resolve(i < 2 * classes ? "val" : "train").resolve("n" + (100 + i % classes));
      Files.createDirectories(part);
      BufferedImage image = new BufferedImage(90 + i, 70, BufferedImage.TYPE_INT_RGB);
      for (int x = 0; x < image.getWidth(); x++)
        for (int y = 0; y < 70; y++) image.setRGB(x, y, x * 7919 * (i % classes + 1) + y);
      ImageIO.write(image, "jpg", part.resolve(i + ".JPEG").toFile());
    }
    return root;
  }

  private static Cli table(Path data, Object... more) {
    List<Object> words = new ArrayList<>(List.of("table", "3", "--scale=tiny", "--rows=r18"));
    words.addAll(
        List.of(
            "--data=" + data,
            "--set=data.photographs.size=32",
            "--set=data.photographs.resize=36",
            "--set=teacher.model=resnet18",
            "--set=classic.batch=8",
            "--set=options.gendd.width=16"));
    words.addAll(List.of(more));
    if (words.stream().noneMatch(word -> word.toString().startsWith("--out="))) {
      words.add("--out=" + temp.resolve("out"));
    }
    return Cli.run(words.toArray());
  }

  private static void refused(Cli cli, String... parts) {
    assertThat(cli.err()).startsWith("retort: ").contains(parts).doesNotContain("\tat ");
    assertThat(cli.code()).isEqualTo(1);
  }

  @Test
  void theImageNetRecipeRunsOnTenClasses() {
    Cli cli = table(folder, "--methods=kd,gendd");
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out())
        .containsPattern("r18  kd +student +71.24 +\\d")
        .containsPattern("r18  gendd +generated x5 +72.38 +\\d");
  }

  @Test
  void theStrongRecipeMixesAndAugments() {
    Cli cli =
        Cli.run(
            "table",
            "3",
            "--scale=tiny",
            "--rows=r50-beit-base-a2",
            "--methods=kd",
            "--data=" + folder,
            "--out=" + temp.resolve("strong"),
            "--set=data.photographs.size=32",
            "--set=data.photographs.resize=36",
            "--set=student=resnet18",
            "--set=teacher.model=resnet18");
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out()).containsPattern("r50-beit-base-a2  kd +student +80.96 +\\d");
  }

  @Test
  void realPhotographsTrainToo() throws IOException {
    Path photos = SharedData.file("imagenet-photos");
    Path root = temp.resolve("real");
    try (Stream<Path> files = Files.list(photos)) {
      List<Path> all = files.filter(f -> f.toString().endsWith(".JPEG")).sorted().toList();
      for (int i = 0; i < 40; i++) {
        Path part = root.resolve(i < 10 ? "val" : "train").resolve("c" + i % 10);
        Files.createDirectories(part);
        Files.createSymbolicLink(part.resolve(i + ".JPEG"), all.get(i).toAbsolutePath());
      }
    }
    Cli cli = table(root, "--methods=plain", "--out=" + temp.resolve("real-out"));
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out()).containsPattern("r18  plain +student +69.75 +\\d");
  }

  @Test
  void aTeacherIsNotTaughtByImagesWithoutLabels() throws IOException {
    Path cc3m = Files.createDirectories(temp.resolve("cc3m"));
    try (Stream<Path> files = Files.walk(folder.resolve("train"))) {
      for (Path f : files.filter(Files::isRegularFile).toList())
        Files.copy(f, cc3m.resolve(f.getFileName()));
    }
    Object[] words = {
      "table",
      "4",
      "--scale=tiny",
      "--rows=mbv1-cc3m",
      "--data=" + folder,
      "--out=" + temp.resolve("unlabelled"),
      "--set=data.unlabelled=" + cc3m,
      "--set=data.test-per-class=0",
      "--set=data.validation=0.5",
      "--set=data.photographs.size=32",
      "--set=data.photographs.resize=36",
      "--set=teacher.model=resnet18",
      "--set=options.gendd.width=16",
      "--methods=kl"
    };
    refused(Cli.run(words), "method plain reads labels", "kl and gendd-unlabelled do without");
  }

  @Test
  void missingImagesAreNamedWithTheirSizesAndChecksums() {
    refused(
        table(temp.resolve("nowhere")),
        "no folder " + temp.resolve("nowhere").resolve("train"),
        "ILSVRC2012_img_train.tar  147,897,477,120 bytes  md5 1d675b47d978889d74fa0da5fadfb00e",
        "https://image-net.org");
    refused(
        Cli.run("table", "4", "--scale=tiny", "--rows=lt-r18", "--data=" + folder),
        "no list file imagenet-lt/ImageNet_LT_train.txt",
        "ImageNet_LT_train.txt  115,846 lines",
        "https://github.com/zhmiao/OpenLongTailRecognition-OLTR");
    refused(
        Cli.run("table", "4", "--scale=tiny", "--rows=r18-cc3m", "--data=" + folder),
        "no folder cc3m",
        "CC3M (3,318,333 addresses");
    refused(
        Cli.run(
            "table",
            "3",
            "--rows=r18",
            "--data=" + folder,
            "--methods=kd",
            "--set=data.validation=0.5"),
        "the teacher isn't there: resnet34-b627a593.pth, 87,319,819 bytes, sha256 beginning with"
            + " b627a593",
        "https://download.pytorch.org/models/resnet34-b627a593.pth");
  }

  @Test
  void classesThatDisagreeAreRefused() throws IOException {
    Path root = imageNet("disagree", 3);
    Files.move(root.resolve("val/n102"), root.resolve("val/n200"));
    refused(
        table(root),
        "train has 3 class folders and val 3, and they disagree: 'n102' is in train alone");
  }

  @Test
  void listsThatDisagreeAreRefused() throws IOException {
    Path lists = Files.createDirectories(temp.resolve("lists"));
    Path image = folder.relativize(folder.resolve("val/n100/0.JPEG"));
    Files.writeString(lists.resolve("ImageNet_LT_train.txt"), image + " 0\n" + image + " 2\n");
    Files.writeString(lists.resolve("ImageNet_LT_val.txt"), image + " 0\n");
    Files.writeString(lists.resolve("ImageNet_LT_test.txt"), image + " 7\n");
    Object[] words = {
      "table",
      "4",
      "--scale=tiny",
      "--rows=lt-r18",
      "--data=" + folder,
      "--set=data.lists=" + lists,
      "--out=" + temp.resolve("lt")
    };
    refused(Cli.run(words), "its largest label is 2, but none is 1");
    Files.writeString(
        lists.resolve("ImageNet_LT_train.txt"), image + " 0\n" + image + " 1\n" + image + " 2\n");
    refused(Cli.run(words), "line 1: expected a path and a label below 3");
  }

  @Test
  void anImageOfOnePixelIsRefused() throws IOException {
    Path root = imageNet("pixel", 2);
    BufferedImage pixel = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    for (int i = 2; i < 8; i++) {
      ImageIO.write(
          pixel, "png", root.resolve("train/n" + (100 + i % 2) + "/" + i + ".JPEG").toFile());
    }
    refused(
        table(root, "--set=teaching.batch=2"),
        "an image of one pixel shows nothing; take it out of the collection",
        "train/n10");
  }
}
