package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import retort.gpu.Work.Grid;
import retort.gpu.Work.Launch;
import retort.tensor.Device;
import retort.tensor.OutOfDeviceMemory;
import retort.tensor.Span;

/// Work that comes again is started as graphs, on the emulated card: to the same bits, with fewer
/// calls of the driver.
class GraphsTest {
  private static final int IMAGES = 6;

  /// None is given up before the end, for what it holds would go at any time and be counted.
  private static final List<Device> OPENED = new ArrayList<>();

  private Device device;

  @BeforeAll
  static void install() {
    Emulator.install();
  }

  @BeforeEach
  void open() {
    device = open(true);
  }

  private static CudaDevice open(boolean graphs) {
    var precision = Precision.Choice.of(Precision.FLOAT32);
    CudaDevice opened = new CudaDevice(Installation.open(), precision, graphs);
    OPENED.add(opened);
    return opened;
  }

  /// Calls of the driver since the last look.
  private static final class Calls {
    private long launches, graphs, made, gone, set;

    Calls look() {
      launches = Emulator.calls("cuLaunchKernel") - launches;
      graphs = Emulator.calls("cuGraphLaunch") - graphs;
      made = Emulator.calls("cuGraphInstantiateWithFlags") - made;
      gone = Emulator.calls("cuGraphExecDestroy") - gone;
      set = Emulator.calls("cuGraphExecKernelNodeSetParams_v2") - set;
      return this;
    }
  }

  private static Calls during(Runnable work) {
    Calls calls = new Calls().look();
    work.run();
    return calls.look();
  }

  @Test
  void aTrainingHasTheSameBits() {
    var plain = new SmallTraining(open(false));
    var graphs = new SmallTraining(device);
    for (int i = 0; i < 8; i++) {
      // Other shapes now and then: the first time and the fifth.
      int images = i % 4 == 0 ? 3 : IMAGES;
      assertThat(graphs.step(images)).as("step " + i).isEqualTo(plain.step(images));
    }
    List<float[]> want = plain.weights(), got = graphs.weights();
    for (int i = 0; i < want.size(); i++) assertThat(got.get(i)).isEqualTo(want.get(i));
  }

  /// Recorded in the second step that meets the steady addresses, the batches of a step start by a
  /// call each. What stays of single launches is too short for a graph.
  @Test
  void aSteadyStepIsAFewCalls() {
    var plain = new SmallTraining(open(false));
    for (int i = 0; i < 2; i++) plain.step(IMAGES);
    Calls single = during(() -> plain.step(IMAGES));
    var training = new SmallTraining(device);
    for (int i = 0; i < 4; i++) training.step(IMAGES);
    Calls steady = during(() -> training.step(IMAGES));
    assertThat(single.launches).isGreaterThan(25);
    assertThat(single.graphs).isZero();
    assertThat(steady.graphs).isEqualTo(2); // up to the loss that is read, and the update
    assertThat(steady.launches).isZero();
    assertThat(steady.made).isZero();
    // The rate, AdamW's corrections, dropout's stream and where an upload comes by are all that
    // differs.
    assertThat(steady.set).isBetween(2L, 13L);
  }

  @Test
  void otherShapesStartOneByOneAndTheOldOnesGoOn() {
    var training = new SmallTraining(device);
    for (int i = 0; i < 4; i++) training.step(IMAGES);
    Calls other = during(() -> training.step(IMAGES - 1));
    assertThat(other.made).isZero();
    assertThat(other.launches).isGreaterThan(15);
    Calls steady = during(() -> training.step(IMAGES));
    assertThat(steady.made).isZero();
    assertThat(steady.graphs).isPositive();
  }

  @Test
  void memoryReturnsAfterAStep() {
    var training = new SmallTraining(device);
    for (int i = 0; i < 2; i++) training.step(IMAGES);
    Device.Memory first = device.memory();
    for (int i = 0; i < 3; i++) training.step(IMAGES);
    assertThat(device.memory()).isEqualTo(first);
  }

  /// Eight kernels on a grid of so many blocks, twice.
  private void twice(int blocks) {
    Span s = device.take(256 * blocks);
    for (int times = 0; times < 2; times++) {
      for (int i = 0; i < 8; i++) device.kernels().fill(i, s);
      device.finish();
    }
    device.give(s);
  }

  @Test
  void theLeastRecentlyUsedGo() {
    Calls calls =
        during(() -> {
          for (int blocks = 1; blocks <= 80; blocks++) twice(blocks);
        });
    assertThat(calls.made).isEqualTo(80);
    assertThat(calls.gone).isEqualTo(80 - 64);
    assertThat(during(() -> twice(80)).made).isZero();
    assertThat(during(() -> twice(1)).made).isEqualTo(1);
  }

  @Test
  void makeRoomWhenMemoryIsShort() {
    for (int blocks = 1; blocks <= 3; blocks++) twice(blocks);
    Emulator.room(64L << 20);
    try {
      Calls calls =
          during(() ->
              assertThatThrownBy(() -> device.take(1 << 30)).isInstanceOf(OutOfDeviceMemory.class));
      assertThat(calls.gone).isEqualTo(3);
      twice(2);
    } finally {
      Emulator.room(Emulator.ROOM);
    }
  }

  /// What the driver refuses is named, one by one and in a graph, and the device remains usable.
  @Test
  void errorsNameTheKernel() {
    Installation all = Installation.open();
    var queue = new Queue(all.driver(), all.products(), true);
    Span s = device.take(256);
    for (String message :
        List.of(
            "cuda: the launch of fill failed with CUDA_ERROR_INVALID_VALUE",
            "cuda: adding fill to a graph failed with CUDA_ERROR_INVALID_VALUE")) {
      for (int i = 0; i < 8; i++) {
        queue.ask(new Launch(new Grid("fill", 1, 70_000, 256, 1), 1f, 256, s));
      }
      assertThatThrownBy(queue::flush)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(message);
      queue.finish();
    }
    twice(1);
  }

  /// A call that has no place in a graph, while one is captured.
  @Test
  void theDriverRefusesWhatCannotBeCaptured() {
    Driver driver = Installation.open().driver();
    for (Runnable illegal : List.<Runnable>of(driver::finish, () -> driver.allocate(512))) {
      assertThatThrownBy(() -> driver.capture(illegal))
          .hasMessageContaining("failed with CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
      driver.finish();
    }
  }

  @Test
  void theOptionIsTrueOrFalse() {
    String key = "retort.cuda.graphs", before = System.getProperty(key);
    try {
      System.clearProperty(key);
      assertThat(Queue.graphsChosen()).isFalse();
      System.setProperty(key, "true");
      assertThat(Queue.graphsChosen()).isTrue();
      System.setProperty(key, "yes");
      assertThatThrownBy(Queue::graphsChosen)
          .hasMessage("-Dretort.cuda.graphs=yes: wants true or false");
    } finally {
      if (before == null) System.clearProperty(key);
      else System.setProperty(key, before);
    }
  }
}
