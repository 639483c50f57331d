package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.nn.io.FormatException;

class FeatureCacheTest {
  private static final FeatureCache.Key KEY =
      new FeatureCache.Key("teacher-hash", "data-hash", "crop4 flip seed 7", 5, 2, 3);

  @TempDir Path folder;

  @Test
  void keepsRowsAcrossRuns() throws IOException {
    Path file = folder.resolve("features");
    float[] row = {1, -2, 3.5f, 9};
    float[] out = new float[4];
    try (FeatureCache cache = FeatureCache.open(file, KEY)) {
      assertThat(cache.read(4, 1, out, 0)).isFalse();
      cache.write(4, 1, row, 1);
      cache.write(0, 0, new float[3], 0);
      cache.force();
    }
    try (FeatureCache cache = FeatureCache.open(file, KEY)) {
      assertThat(cache.filled()).isEqualTo(2);
      assertThat(cache.read(4, 1, out, 1)).isTrue();
      assertThat(out).containsExactly(0, -2, 3.5f, 9);
      assertThat(cache.read(0, 0, out, 1)).as("a row of zeros is a row").isTrue();
      assertThat(cache.read(4, 0, out, 1)).isFalse();
      assertThatThrownBy(() -> cache.read(5, 0, out, 0))
          .hasMessage("no row of sample 5, view 0 in a cache of 5 samples, 2 views");
    }
  }

  @Test
  void aTornRowDoesNotCount() throws IOException {
    Path file = folder.resolve("features");
    try (FeatureCache cache = FeatureCache.open(file, KEY)) {
      cache.write(2, 0, new float[] {1, 2, 3}, 0);
    }
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(4096 + 4 * 10 + 2 * 12 + 5);
      raw.write(77);
    }
    try (FeatureCache cache = FeatureCache.open(file, KEY)) {
      assertThat(cache.read(2, 0, new float[3], 0)).isFalse();
    }
  }

  @Test
  void refusesStaleKeysAndOtherFiles() throws IOException {
    Path file = folder.resolve("features");
    FeatureCache.open(file, KEY).close();
    FeatureCache.Key other =
        new FeatureCache.Key("another", "data-hash", "crop4 flip seed 7", 5, 2, 3);
    assertThatThrownBy(() -> FeatureCache.open(file, other))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(
            file + ": the cached features are of {\"teacher\":\"teacher-hash\",")
        .hasMessageContaining("asked for are those of {\"teacher\":\"another\",")
        .hasMessageEndingWith("; delete the file or give another");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> FeatureCache.open(file, KEY))
        .hasMessage(file + ": truncated: 4255 bytes of 4256; delete the file");
    Path foreign = Files.writeString(folder.resolve("foreign"), "hello");
    assertThatThrownBy(() -> FeatureCache.open(foreign, KEY))
        .hasMessage(foreign + ": not a feature cache; give another file");
  }

  @Test
  void asksForRoomBefore() {
    Path file = folder.resolve("features");
    FeatureCache.Key huge = new FeatureCache.Key("t", "d", "p", Integer.MAX_VALUE, 1000, 1_000_000);
    assertThatThrownBy(() -> FeatureCache.open(file, huge))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no room for the feature cache " + file + ": it takes ")
        .hasMessageEndingWith("are free; cache fewer views or run without a cache");
    assertThat(file).doesNotExist();
    assertThatThrownBy(() -> new FeatureCache.Key("t", "d", "p", 0, 1, 1))
        .hasMessage("a cache needs samples, views and a width, got 0, 1, 1");
  }

  @Test
  void recordedViewsComeAgain() {
    Loader loader =
        new Loader(
            new RecordedViews(Views.cropped(DatasetTest.counting(6, 2), 3)),
            new Order.Recorded(1, 2),
            6,
            true);
    float[][] images = new float[6][4];
    for (int epoch = 0; epoch < 5; epoch++) {
      try (Batches batches = loader.epoch(epoch)) {
        Batch batch = batches.next();
        for (int i = 0; i < 6; i++) {
          assertThat(batch.views[i]).isEqualTo(epoch % 2);
          if (epoch % 2 == 1) {
            float[] image = Arrays.copyOfRange(batch.images, 4 * i, 4 * i + 4);
            if (epoch > 1) {
              assertThat(image).isEqualTo(images[batch.indices[i]]);
            }
            images[batch.indices[i]] = image;
          }
        }
      }
    }
    assertThatThrownBy(() -> new Order.Recorded(1, 0))
        .hasMessage("views must be at least 1, got 0");
  }
}
