package retort.nn.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// numpy's npz format: a zip of npy files, stored or deflated.
public final class Npz {
  private Npz() {}

  public static ArrayFile read(Path file) throws IOException {
    List<StoredArray> arrays = new ArrayList<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (!name.endsWith(".npy")) {
          throw new FormatException(file, "entry " + name + " is no npy file; not an npz file");
        }
        try (InputStream in = zip.getInputStream(entry)) {
          arrays.add(Npy.read(in, name.substring(0, name.length() - 4), file + "!" + name));
        }
      }
      return ArrayFile.of(arrays, Map.of());
    } catch (ZipException | IllegalArgumentException e) {
      throw new FormatException(file, "truncated or damaged npz: " + e.getMessage(), e);
    }
  }

  /// Whether a zip file holds npy files rather than a torch checkpoint.
  static boolean isNpz(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream().allMatch(entry -> entry.getName().endsWith(".npy"));
    } catch (ZipException e) {
      throw new FormatException(file, "truncated or damaged zip: " + e.getMessage(), e);
    }
  }

  /// Writes atomically and deflated.
  public static void write(Path file, Collection<StoredArray> arrays) throws IOException {
    ArrayFile contents = ArrayFile.of(List.copyOf(arrays), Map.of());
    AtomicFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (StoredArray array : contents.arrays().values()) {
            ZipEntry entry = new ZipEntry(array.name() + ".npy");
            entry.setTime(0); // the same arrays give the same bytes
            zip.putNextEntry(entry);
            Npy.write(zip, array);
            zip.closeEntry();
          }
          zip.finish();
        });
  }
}
