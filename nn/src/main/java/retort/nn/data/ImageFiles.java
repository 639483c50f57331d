package retort.nn.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import retort.nn.io.FormatException;

/// Images in files on disk, decoded when asked for: ImageNet's folders, the list files of
/// ImageNet-LT, unlabelled collections.
public final class ImageFiles implements ImageSource {
  private static final List<String> ENDINGS = List.of(".jpeg", ".jpg", ".png", ".gif", ".bmp");

  private final List<Path> files;
  private final int[] labels;
  private final List<String> classes;

  private ImageFiles(List<Path> files, int[] labels, List<String> classes) {
    this.files = List.copyOf(files);
    this.labels = labels;
    this.classes = List.copyOf(classes);
  }

  /// A folder a class, in alphabetical order, as torchvision's ImageFolder has it.
  public static ImageFiles folders(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    List<String> classes = new ArrayList<>();
    for (Path folder : sorted(root, Files::isDirectory)) {
      List<Path> found = images(folder);
      if (found.isEmpty()) {
        throw new FileNotFoundException(
            "class folder " + folder + " holds no image (" + ENDINGS + ")");
      }
      for (Path file : found) {
        files.add(file);
        labels.add(classes.size());
      }
      classes.add(folder.getFileName().toString());
    }
    if (classes.isEmpty()) {
      throw new FileNotFoundException(
          root
              + " holds no class folders. ImageNet (ILSVRC 2012, 1,281,167 training images, 138 GB,"
              + " from https://image-net.org) is read as train/<wnid>/*.JPEG and"
              + " val/<wnid>/*.JPEG; give one of the two folders");
    }
    return new ImageFiles(files, toInts(labels), classes);
  }

  /// A list file with a path (from `root` on) and a label a line, as ImageNet-LT comes
  /// ("Large-Scale Long-Tailed Recognition in an Open World", arXiv 1904.05160).
  public static ImageFiles list(Path root, Path list, int classes) throws IOException {
    if (!Files.isRegularFile(list)) {
      throw new FileNotFoundException(
          "no list file "
              + list
              + "; ImageNet-LT's are ImageNet_LT_train.txt (115,846 lines), ImageNet_LT_val.txt"
              + " (20,000) and ImageNet_LT_test.txt (50,000), from"
              + " https://github.com/zhmiao/OpenLongTailRecognition-OLTR");
    }
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(list)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      int space = line.strip().lastIndexOf(' ');
      String label = line.strip().substring(space + 1);
      if (space < 0 || !label.matches("[0-9]{1,9}") || Integer.parseInt(label) >= classes) {
        throw new FormatException(
            list,
            "line "
                + number
                + ": expected a path and a label below "
                + classes
                + ", got \""
                + line
                + "\"");
      }
      files.add(root.resolve(line.strip().substring(0, space).strip()));
      labels.add(Integer.parseInt(label));
    }
    if (files.isEmpty()) {
      throw new FormatException(list, "an empty list");
    }
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new FileNotFoundException("no " + file + ", which " + list + " names");
      }
    }
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return new ImageFiles(files, toInts(labels), names);
  }

  /// Every image below a folder, without labels, in alphabetical order.
  public static ImageFiles unlabelled(Path root) throws IOException {
    List<Path> files = images(root);
    if (files.isEmpty()) {
      throw new FileNotFoundException(root + " holds no image (" + ENDINGS + ")");
    }
    int[] labels = new int[files.size()];
    Arrays.fill(labels, UNLABELLED);
    return new ImageFiles(files, labels, List.of());
  }

  private static int[] toInts(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static List<Path> sorted(Path folder, java.util.function.Predicate<Path> kept)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FileNotFoundException("no folder " + folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(kept).sorted().toList();
    }
  }

  private static List<Path> images(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FileNotFoundException("no folder " + folder);
    }
    try (Stream<Path> entries = Files.walk(folder)) {
      return entries.filter(ImageFiles::isImage).sorted().toList();
    }
  }

  /// Whether the name is that of an image.
  static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  public Path file(int index) {
    return files.get(index);
  }

  /// The number of images of each class.
  public int[] counts() {
    return Choice.counts(labels, classes.size());
  }

  /// The SHA-256 of the files' names (with their folder's), sizes and labels, in order: what a
  /// record of a run names its data by. The contents aren't read: ImageNet's take an hour.
  public String sha256() {
    return Listing.sha256(
        size(),
        i -> {
          Path file = files.get(i);
          return file.getParent().getFileName() + "/" + file.getFileName();
        },
        i -> Files.size(files.get(i)),
        this::label);
  }

  @Override
  public Image image(int index) throws IOException {
    return ImageFile.read(files.get(index));
  }
}
