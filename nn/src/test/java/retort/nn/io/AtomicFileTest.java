package retort.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void replacesTheFileAndMakesItsFolder() throws IOException {
    Path file = folder.resolve("a/b/file.bin");
    AtomicFile.write(file, out -> out.write(1));
    AtomicFile.write(file, out -> out.write(new byte[] {2, 3}));
    assertThat(file).hasBinaryContent(new byte[] {2, 3});
    assertThat(file.getParent()).isDirectoryNotContaining(f -> f.toString().endsWith(".tmp"));
  }

  @Test
  void aFullDiskLeavesThePreviousFile() throws IOException {
    Path file = folder.resolve("file.bin");
    AtomicFile.write(file, out -> out.write(7));
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(new byte[100_000]);
                  throw new IOException("No space left on device");
                }))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot write " + file + ": No space left on device (")
        .hasMessageEndingWith("MiB free in " + folder + "); what was there before is untouched");
    assertThat(file).hasBinaryContent(new byte[] {7});
    assertThat(folder).isDirectoryNotContaining(f -> f.toString().endsWith(".tmp"));
  }

  @Test
  void aFailingWriterLeavesThePreviousFile() throws IOException {
    Path file = folder.resolve("file.bin");
    AtomicFile.write(file, out -> out.write(7));
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(1);
                  throw new IllegalStateException("boom");
                }))
        .hasMessage("boom");
    assertThat(file).hasBinaryContent(new byte[] {7});
    assertThat(folder).isDirectoryNotContaining(f -> f.toString().endsWith(".tmp"));
  }

  @Test
  void namesTheFolderThatCannotBeWrittenTo() throws IOException {
    Path notAFolder = Files.writeString(folder.resolve("plain"), "x");
    Path file = notAFolder.resolve("file.bin");
    assertThatThrownBy(() -> AtomicFile.write(file, out -> out.write(1)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "cannot write " + file + ": folder " + notAFolder + " cannot be written to (")
        .hasMessageEndingWith("); choose another folder or change its permissions");
  }

  @Test
  void refusesAFolder() {
    assertThatThrownBy(() -> AtomicFile.write(folder, out -> out.write(1)))
        .hasMessage("cannot write " + folder + ": it is a folder; give a file name");
  }
}
