package retort.nn.data;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import retort.nn.io.FormatException;
import retort.nn.io.Pickle;
import retort.nn.io.StoredArray;

/// CIFAR-10 and CIFAR-100 (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images",
/// 2009): the binary or the python version, from an archive as it was downloaded or from a folder.
public final class Cifar {
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int IMAGE = 3 * PLANE;

  static final String WHERE =
      """
      CIFAR comes as one of these archives (or the folder inside) from https://www.cs.toronto.edu/~kriz/cifar.html:
        cifar-10-binary.tar.gz    170,052,171 bytes  md5 c32a1d4ab5d03f1284b67883e8d87530
        cifar-10-python.tar.gz    170,498,071 bytes  md5 c58f30108f718f92721af3b95e74349a
        cifar-100-binary.tar.gz   168,513,733 bytes  md5 03b5dce01913d631647c71ecec9e9cb8
        cifar-100-python.tar.gz   169,001,437 bytes  md5 eb9058c3a382ffc7106e4002c42a8d85\
      """;

  /// One of the four versions: its training files, its test file, the file with the class names,
  /// and how labels are found.
  private record Version(
      List<String> train, String test, String names, int classes, boolean python) {
    Set<String> needed() {
      Set<String> needed = new TreeSet<>(train);
      needed.add(test);
      return needed;
    }

    String label() {
      return classes == 10 ? "labels" : "fine_labels";
    }

    String nameKey() {
      return classes == 10 ? "label_names" : "fine_label_names";
    }
  }

  private static final List<Version> VERSIONS =
      List.of(
          new Version(tenBatches(".bin"), "test_batch.bin", "batches.meta.txt", 10, false),
          new Version(tenBatches(""), "test_batch", "batches.meta", 10, true),
          new Version(List.of("train.bin"), "test.bin", "fine_label_names.txt", 100, false),
          new Version(List.of("train"), "test", "meta", 100, true));

  private static final List<String> FOLDERS =
      List.of(
          "",
          "cifar-10-batches-bin",
          "cifar-10-batches-py",
          "cifar-100-binary",
          "cifar-100-python");

  private Cifar() {}

  private static List<String> tenBatches(String suffix) {
    return IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + suffix).toList();
  }

  /// Whether `path` looks like CIFAR: an archive, or a folder with its files.
  public static boolean isAt(Path path) {
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    boolean archive = name.endsWith(".tar.gz") || name.endsWith(".tgz") || name.endsWith(".tar");
    return archive && Files.isRegularFile(path) || folderOf(path) != null;
  }

  /// The training and test sets of an archive (.tar.gz, .tar) or folder; which of the versions it
  /// is is told by the files in it.
  public static Dataset.Split read(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new FileNotFoundException("no " + path + ". " + WHERE);
    }
    Map<String, byte[]> files = Files.isDirectory(path) ? fromFolder(path) : fromArchive(path);
    for (Version version : VERSIONS) {
      if (files.keySet().containsAll(version.needed())) {
        return read(path, version, files);
      }
    }
    throw new FileNotFoundException(
        path + " holds " + new TreeSet<>(files.keySet()) + " of CIFAR's files. " + WHERE);
  }

  /// A bare file of binary records, CIFAR-10's or CIFAR-100's by its size, such as a part of a test
  /// set. Without training images its own statistics normalise it.
  public static Dataset records(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new FileNotFoundException("no file " + file + ". " + WHERE);
    }
    byte[] bytes = Files.readAllBytes(file);
    boolean ten = bytes.length % (1 + IMAGE) == 0 || bytes.length % (2 + IMAGE) != 0;
    Version version = VERSIONS.get(ten ? 0 : 2);
    Part part = new Part();
    addFile(part, version, bytes, file.toString());
    byte[] pixels = interleave(part);
    List<String> classes = classes(file, version, Map.of());
    return dataset(
        file.getFileName().toString(), pixels, part, classes, Normalisation.of(pixels, 3));
  }

  private static boolean isWanted(String name) {
    return VERSIONS.stream().anyMatch(v -> v.needed().contains(name) || v.names.equals(name));
  }

  private static Map<String, byte[]> fromArchive(Path path) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (Tar tar = Tar.open(path)) {
      for (Tar.Entry entry = tar.next(); entry != null; entry = tar.next()) {
        if (isWanted(entry.baseName())) {
          files.put(entry.baseName(), tar.read());
        }
      }
    }
    return files;
  }

  private static Path folderOf(Path path) {
    for (String inner : FOLDERS) {
      Path folder = path.resolve(inner);
      for (Version version : VERSIONS) {
        if (version.needed().stream().allMatch(name -> Files.isRegularFile(folder.resolve(name)))) {
          return folder;
        }
      }
    }
    return null;
  }

  private static Map<String, byte[]> fromFolder(Path path) throws IOException {
    Path found = folderOf(path);
    Path folder = found == null ? path : found;
    Map<String, byte[]> files = new HashMap<>();
    for (Version version : VERSIONS) {
      Set<String> names = version.needed();
      names.add(version.names);
      for (String name : names) {
        if (Files.isRegularFile(folder.resolve(name))) {
          files.put(name, Files.readAllBytes(folder.resolve(name)));
        }
      }
    }
    return files;
  }

  /// Planes and labels of one part.
  private record Part(List<byte[]> planes, List<Integer> labels) {
    Part() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  private static Dataset.Split read(Path path, Version version, Map<String, byte[]> files)
      throws IOException {
    List<String> classes = classes(path, version, files);
    Part train = new Part();
    for (String name : version.train) {
      addFile(train, version, files.get(name), path + "!" + name);
    }
    Part test = new Part();
    addFile(test, version, files.get(version.test), path + "!" + version.test);
    byte[] pixels = interleave(train);
    Normalisation normalisation = Normalisation.of(pixels, 3);
    String name = "CIFAR-" + version.classes;
    return new Dataset.Split(
        dataset(name + " train", pixels, train, classes, normalisation),
        dataset(name + " test", interleave(test), test, classes, normalisation));
  }

  private static Dataset dataset(
      String name, byte[] pixels, Part part, List<String> classes, Normalisation normalisation) {
    int[] labels = part.labels.stream().mapToInt(Integer::intValue).toArray();
    return new Dataset(name, SIDE, SIDE, 3, pixels, labels, classes, normalisation);
  }

  private static void addFile(Part part, Version version, byte[] bytes, String file)
      throws IOException {
    int before = part.labels.size();
    if (version.python) {
      addPickle(part, version, bytes, file);
    } else {
      addRecords(part, version, bytes, file);
    }
    for (int i = before; i < part.labels.size(); i++) {
      int label = part.labels.get(i);
      if (label < 0 || label >= version.classes) {
        throw new FormatException(
            file,
            "image "
                + (i - before)
                + " has label "
                + label
                + "; CIFAR-"
                + version.classes
                + " has labels 0 to "
                + (version.classes - 1));
      }
    }
  }

  /// A record: the label (after the coarse label in CIFAR-100), then the planes red, green, blue.
  private static void addRecords(Part part, Version version, byte[] bytes, String file)
      throws FormatException {
    int head = version.classes == 10 ? 1 : 2;
    if (bytes.length == 0 || bytes.length % (head + IMAGE) != 0) {
      throw new FormatException(
          file,
          "truncated: "
              + bytes.length
              + " bytes are no whole number of records of "
              + (head + IMAGE)
              + ". "
              + WHERE);
    }
    for (int at = 0; at < bytes.length; at += head + IMAGE) {
      part.labels.add(bytes[at + head - 1] & 0xff);
      part.planes.add(Arrays.copyOfRange(bytes, at + head, at + head + IMAGE));
    }
  }

  private static void addPickle(Part part, Version version, byte[] bytes, String file)
      throws IOException {
    if (!(Pickle.read(new ByteArrayInputStream(bytes), file) instanceof Map<?, ?> batch)
        || !(batch.get("data") instanceof Pickle.NumpyArray data)
        || !(batch.get(version.label()) instanceof List<?> labels)) {
      throw new FormatException(file, "no dict with data and " + version.label());
    }
    StoredArray images = data.named("data");
    if (images.size() != labels.size() * IMAGE) {
      throw new FormatException(file, labels.size() + " labels for " + images);
    }
    for (int i = 0; i < labels.size(); i++) {
      byte[] planes = new byte[IMAGE];
      images.data().get(i * IMAGE, planes);
      part.planes.add(planes);
      if (!(labels.get(i) instanceof Long label)) {
        throw new FormatException(file, "label " + i + " is " + labels.get(i) + ", not a number");
      }
      part.labels.add(label.intValue());
    }
  }

  private static byte[] interleave(Part part) {
    byte[] pixels = new byte[part.planes.size() * IMAGE];
    int at = 0;
    for (byte[] planes : part.planes) {
      for (int p = 0; p < PLANE; p++) {
        pixels[at++] = planes[p];
        pixels[at++] = planes[PLANE + p];
        pixels[at++] = planes[2 * PLANE + p];
      }
    }
    return pixels;
  }

  /// The names beside the data, or numbers where they are missing.
  private static List<String> classes(Path path, Version version, Map<String, byte[]> files)
      throws IOException {
    byte[] bytes = files.get(version.names);
    if (bytes == null) {
      return IntStream.range(0, version.classes).mapToObj(Integer::toString).toList();
    }
    List<String> names = new ArrayList<>();
    String file = path + "!" + version.names;
    if (version.python) {
      Object meta = Pickle.read(new ByteArrayInputStream(bytes), file);
      if (meta instanceof Map<?, ?> map && map.get(version.nameKey()) instanceof List<?> list) {
        list.forEach(name -> names.add(String.valueOf(name)));
      }
    } else {
      new String(bytes, StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .forEach(names::add);
    }
    if (names.size() != version.classes) {
      throw new FormatException(
          file, names.size() + " class names; CIFAR-" + version.classes + " has as many as that");
    }
    return names;
  }
}
