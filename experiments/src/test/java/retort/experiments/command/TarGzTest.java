package retort.experiments.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What is packed comes out of the system's own `tar` as it was.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "files there have no modes to keep")
class TarGzTest {
  @TempDir Path temp;

  static void unpack(Path archive, Path to) throws Exception {
    Files.createDirectories(to);
    var tar = new ProcessBuilder("tar", "xzf", archive.toString(), "-C", to.toString());
    Process p = tar.redirectErrorStream(true).start();
    String said = new String(p.getInputStream().readAllBytes());
    assertThat(p.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  private static byte[] packed(Path folder) throws IOException {
    var bytes = new ByteArrayOutputStream();
    TarGz.write(folder, bytes);
    return bytes.toByteArray();
  }

  @Test
  void keepsNumbersModesLinksAndLongNames() throws Exception {
    Path folder = temp.resolve("folder");
    Path deep = Files.createDirectories(folder.resolve(("some-folder/").repeat(12)));
    for (int size : new int[] {0, 1, 511, 512, 513, 70_000}) {
      byte[] content = new byte[size];
      java.util.Arrays.fill(content, (byte) size);
      Files.write(deep.resolve("file-" + size), content);
    }
    Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("script"));

    byte[] archive = packed(folder);
    assertThat(packed(folder)).isEqualTo(archive);
    unpack(Files.write(temp.resolve("a.tar.gz"), archive), temp.resolve("out"));
    Path got = temp.resolve("out/folder");
    for (int size : new int[] {0, 1, 511, 512, 513, 70_000}) {
      Path file = folder.relativize(deep).resolve("file-" + size);
      assertThat(got.resolve(file)).hasSameBinaryContentAs(folder.resolve(file));
      assertThat(Files.isExecutable(got.resolve(file))).isFalse();
    }
    assertThat(Files.isExecutable(got.resolve("script"))).isTrue();
    assertThat(Files.readSymbolicLink(got.resolve("link"))).isEqualTo(Path.of("script"));
  }

  @Test
  void saysWhichNameIsTooLong() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("folder"));
    Files.createFile(folder.resolve("n".repeat(101)));
    assertThatThrownBy(() -> packed(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "a tar archive has 100 bytes for a name and 155 for its folders; too long: folder/"
                + "n".repeat(101));
  }
}
