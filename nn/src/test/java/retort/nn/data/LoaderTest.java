package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LoaderTest {
  private final Dataset data = DatasetTest.counting(50, 5);

  @Test
  void evaluationSeesEverySampleOnceInOrder() {
    Loader loader = Loader.evaluation(Views.plain(data), 16);
    assertThat(loader.stepsPerEpoch()).isEqualTo(4);
    List<Integer> seen = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    try (Batches batches = loader.epoch(0)) {
      for (Batch batch : batches) {
        sizes.add(batch.size());
        for (int i = 0; i < batch.size(); i++) {
          seen.add(batch.indices[i]);
          assertThat(batch.labels[i]).isEqualTo(batch.indices[i] % 5);
          assertThat(batch.images[4 * i]).isEqualTo(batch.indices[i] / 255f);
        }
      }
    }
    assertThat(sizes).containsExactly(16, 16, 16, 2);
    assertThat(seen).hasSize(50).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void trainingShufflesAnewEachEpochAndDropsTheRest() {
    Loader loader = Loader.training(Views.plain(data), 16, 3);
    assertThat(loader.stepsPerEpoch()).isEqualTo(3);
    List<String> first = epoch(loader, 0, 0);
    assertThat(first).hasSize(3).isEqualTo(epoch(loader, 0, 0));
    assertThat(first).isNotEqualTo(epoch(loader, 1, 0));
    assertThat(first).isNotEqualTo(epoch(Loader.training(Views.plain(data), 16, 4), 0, 0));
  }

  @Test
  void resumesInTheMiddleOfAnEpoch() {
    Loader loader = Loader.training(Views.cropped(data, 5), 8, 3);
    List<String> whole = epoch(loader, 2, 0);
    assertThat(epoch(loader, 2, 4)).isEqualTo(whole.subList(4, whole.size()));
    assertThat(epoch(loader, 2, 6)).isEmpty();
    assertThatThrownBy(() -> loader.epoch(2, 7))
        .hasMessage("no epoch 2 from step 7; an epoch has 6 steps");
  }

  @Test
  void repeatsViewsOfASample() {
    Loader loader = new Loader(Views.cropped(data, 1), new Order.Repeated(9, 3), 9, true);
    try (Batches batches = loader.epoch(0)) {
      Batch batch = batches.next();
      assertThat(batch.views).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
      assertThat(batch.indices[0]).isEqualTo(batch.indices[2]).isNotEqualTo(batch.indices[3]);
    }
    assertThatThrownBy(() -> new Order.Repeated(9, 0))
        .hasMessage("repeats must be at least 1, got 0");
  }

  @Test
  void buffersGoRound() {
    Loader loader = Loader.evaluation(Views.plain(data), 1);
    List<float[]> arrays = new ArrayList<>();
    try (Batches batches = loader.epoch(0)) {
      for (Batch batch : batches) {
        if (arrays.stream().noneMatch(a -> a == batch.images)) {
          arrays.add(batch.images);
        }
      }
    }
    assertThat(arrays).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void whatFailsInTheBackgroundReachesTheCaller() {
    Loader loader =
        Loader.evaluation(
            samples(i -> {
              if (i == 2) {
                throw new IOException("image 2 is broken");
              }
            }),
            1);
    try (Batches batches = loader.epoch(0)) {
      assertThat(batches.next().indices[0]).isZero();
      assertThat(batches.next().indices[0]).isEqualTo(1);
      assertThatThrownBy(batches::next)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("image 2 is broken");
      assertThatThrownBy(batches::next).hasMessage("these batches are closed");
    }
  }

  @Test
  void closingReturnsAtOnceEvenWhenASampleHangs() {
    CountDownLatch never = new CountDownLatch(1);
    Batches batches = Loader.evaluation(samples(i -> awaitStubbornly(never)), 1).epoch(0);
    long start = System.nanoTime();
    batches.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    never.countDown();
  }

  @Test
  void closingEndsTheThread() throws InterruptedException {
    try (Batches batches = Loader.evaluation(Views.plain(data), 1).epoch(0)) {
      batches.next();
    }
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("batches"))
        && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals("batches"));
  }

  @Test
  void anEpochEnds() {
    try (Batches batches = Loader.evaluation(Views.plain(data), 50).epoch(0)) {
      batches.next();
      assertThat(batches.hasNext()).isFalse();
      assertThatThrownBy(batches::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("the epoch has 1 steps");
    }
  }

  @Test
  void refusesBatchesThatCannotBe() {
    Samples samples = Views.plain(data);
    assertThatThrownBy(() -> Loader.training(samples, 51, 0))
        .hasMessage(
            "not one batch of 51 from 50 samples when the last one is dropped; take a smaller"
                + " batch");
    assertThatThrownBy(() -> Loader.evaluation(samples, 0))
        .hasMessage("the batch size must be at least 1, got 0");
  }

  private static List<String> epoch(Loader loader, int epoch, int step) {
    List<String> seen = new ArrayList<>();
    try (Batches batches = loader.epoch(epoch, step)) {
      for (Batch batch : batches) {
        seen.add(
            batch.step()
                + Arrays.toString(batch.indices)
                + Arrays.toString(batch.labels)
                + Arrays.hashCode(batch.images));
      }
    }
    return seen;
  }

  private static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  @FunctionalInterface
  private interface Work {
    void on(int index) throws IOException;
  }

  private static Samples samples(Work work) {
    return new Samples() {
      @Override
      public int size() {
        return 10;
      }

      @Override
      public int height() {
        return 1;
      }

      @Override
      public int width() {
        return 1;
      }

      @Override
      public int channels() {
        return 1;
      }

      @Override
      public int classes() {
        return 1;
      }

      @Override
      public int label(int index) {
        return 0;
      }

      @Override
      public void write(int epoch, int index, int view, float[] out, int at) throws IOException {
        work.on(index);
      }
    };
  }
}
