package retort.nn.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import retort.nn.io.FormatException;

/// Images in the tar shards of WebDataset: files of one name up to the first dot are one sample,
/// `.jpg` or `.png` its image, `.cls` its label as text; samples without a label are unlabelled.
///
/// The shards are indexed once and then read at random, so they must not be compressed.
public final class TarShards implements ImageSource {
  private record Place(Path shard, String name, long offset, int length) {}

  private final List<Place> images;
  private final int[] labels;
  private final List<String> classes;

  /// Labels are below `classes`; 0 where there are none.
  public TarShards(List<Path> shards, int classes) throws IOException {
    Map<String, Place> byKey = new LinkedHashMap<>();
    Map<String, Integer> labelOf = new LinkedHashMap<>();
    for (Path shard : shards) {
      try (FileChannel channel = FileChannel.open(shard)) {
        ByteBuffer magic = ByteBuffer.allocate(2);
        if (channel.read(magic, 0) == 2 && magic.getShort(0) == 0x1f8b) {
          throw new FormatException(
              shard, "shards are read at random: unpack it with gunzip first");
        }
      }
      index(shard, classes, byKey, labelOf);
    }
    if (byKey.isEmpty()) {
      throw new FileNotFoundException("no image in the shards " + shards);
    }
    images = List.copyOf(byKey.values());
    labels =
        byKey.keySet().stream().mapToInt(key -> labelOf.getOrDefault(key, UNLABELLED)).toArray();
    this.classes = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  private static void index(
      Path shard, int classes, Map<String, Place> images, Map<String, Integer> labels)
      throws IOException {
    try (Tar tar = Tar.open(shard)) {
      for (Tar.Entry entry = tar.next(); entry != null; entry = tar.next()) {
        int dot = entry.name().indexOf('.', entry.name().lastIndexOf('/') + 1);
        String key = shard + "!" + (dot < 0 ? entry.name() : entry.name().substring(0, dot));
        if (entry.name().endsWith(".cls")) {
          String text = new String(tar.read(), StandardCharsets.UTF_8).strip();
          if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) >= classes) {
            throw new FormatException(
                shard,
                entry.name() + ": label \"" + text + "\"; there are " + classes + " classes");
          }
          labels.put(key, Integer.parseInt(text));
        } else if (ImageFiles.isImage(Path.of(entry.baseName()))) {
          Place place =
              new Place(shard, entry.name(), entry.offset(), Math.toIntExact(entry.size()));
          if (images.put(key, place) != null) {
            throw new FormatException(shard, "two images of the sample " + entry.name());
          }
        }
      }
    }
  }

  /// The shards of a folder, in alphabetical order.
  public static List<Path> in(Path folder) throws IOException {
    List<Path> shards = new ArrayList<>();
    try (var entries = java.nio.file.Files.newDirectoryStream(folder, "*.tar")) {
      entries.forEach(shards::add);
    }
    shards.sort(null);
    return shards;
  }

  /// The SHA-256 of the images' names, sizes and labels, in order.
  public String sha256() {
    return Listing.sha256(size(), i -> images.get(i).name, i -> images.get(i).length, this::label);
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public Image image(int index) throws IOException {
    Place place = images.get(index);
    ByteBuffer bytes = ByteBuffer.allocate(place.length);
    try (FileChannel channel = FileChannel.open(place.shard)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, place.offset + bytes.position()) < 0) {
          throw new FormatException(place.shard, "truncated in " + place.name);
        }
      }
    }
    return ImageFile.read(bytes.array(), place.shard + "!" + place.name);
  }
}
