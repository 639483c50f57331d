package retort.nn.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes a file whole or not at all.
///
/// The bytes go to a temporary file in the same folder, are forced to the disk, and only then take
/// the file's name in one rename: a crash, a full disk or a failing writer leaves the previous file
/// as it was. (A temporary file elsewhere could not be renamed across file systems.)
public final class AtomicFile {
  private AtomicFile() {}

  /// Writes the contents of a file.
  @FunctionalInterface
  public interface Contents {
    void writeTo(OutputStream out) throws IOException;
  }

  /// Makes the folder where it is missing.
  public static void write(Path file, Contents contents) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new IOException("cannot write " + file + ": it is a folder; give a file name");
    }
    // Not Files.createTempFile, which makes files that only their owner may read.
    String unique = Long.toHexString(System.nanoTime()) + "-" + ProcessHandle.current().pid();
    Path temporary = folder.resolve("." + target.getFileName() + "." + unique + ".tmp");
    try {
      Files.createDirectories(folder);
      Files.createFile(temporary);
    } catch (IOException e) {
      throw new IOException(
          "cannot write "
              + file
              + ": folder "
              + folder
              + " cannot be written to ("
              + reason(e)
              + "); choose another folder or change its permissions",
          e);
    }
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        contents.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new IOException(
          "cannot write "
              + file
              + ": "
              + reason(e)
              + " ("
              + folder.toFile().getUsableSpace() / (1 << 20)
              + " MiB free in "
              + folder
              + "); what was there before is untouched",
          e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    String kind = e.getClass().getSimpleName();
    return e.getClass() == IOException.class && message != null ? message : kind + " " + message;
  }
}
