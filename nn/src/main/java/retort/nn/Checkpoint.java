package retort.nn;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import retort.nn.io.ArrayFile;
import retort.nn.io.Safetensors;
import retort.nn.io.StoredArray;
import retort.nn.optim.Optimiser;
import retort.tensor.Tensor;

/// A training at rest: weights, buffers, the optimiser's state, and where the training is. What is
/// drawn at random depends on (seed, epoch, step) alone, so training that resumes from here gives
/// the same bits as training that never stopped.
///
/// The file is one of [Weights] with more in it: it can be loaded as weights too.
///
/// @param epoch the epoch that comes next or goes on
/// @param step the step within it that comes next
/// @param seed the seed of the run
/// @param metadata whatever else the run wants back, such as its configuration
public record Checkpoint(int epoch, int step, long seed, Map<String, String> metadata) {
  static final String OPTIMISER = "optimiser/"; // no module path has a slash
  private static final String STEPS = "steps", STATE = "state/";
  private static final String EPOCH = "retort.epoch", STEP = "retort.step", SEED = "retort.seed";

  public Checkpoint {
    metadata = Map.copyOf(metadata);
  }

  public void save(Path file, Module module, Optimiser optimiser) throws IOException {
    List<StoredArray> arrays = Weights.arrays("", module.state());
    arrays.addAll(Weights.arrays(OPTIMISER + STATE, optimiser.state()));
    long[] steps = optimiser.steps();
    arrays.add(StoredArray.of(OPTIMISER + STEPS, new int[] {steps.length}, steps));
    Map<String, String> all = new LinkedHashMap<>(metadata);
    all.put(EPOCH, Integer.toString(epoch));
    all.put(STEP, Integer.toString(step));
    all.put(SEED, Long.toString(seed));
    Safetensors.write(file, arrays, all);
  }

  /// Puts a training back to where it was saved. What doesn't fit is refused before anything
  /// changes.
  public static Checkpoint resume(Path file, Module module, Optimiser optimiser)
      throws IOException {
    ArrayFile contents = Safetensors.read(file);
    Checkpoint checkpoint = position(file, contents.metadata());
    ArrayFile ofOptimiser = contents.under(OPTIMISER);
    SequencedMap<String, StoredArray> state = ofOptimiser.under(STATE).arrays();
    SequencedMap<String, Tensor> wanted = optimiser.state();
    LoadReport report = Weights.compare(wanted, state);
    StoredArray steps = ofOptimiser.arrays().get(STEPS);
    Weights.check(file, contents, module);
    if (!report.isComplete() || steps == null || steps.size() != optimiser.steps().length) {
      throw new CheckpointException(
          file
              + ": saved with another optimiser or other trainable parameters; nothing was loaded."
              + " Of its optimiser's state "
              + report);
    }
    Weights.load(file, contents, module);
    Weights.assign(wanted, state);
    optimiser.resume(steps.longs());
    return checkpoint;
  }

  private static Checkpoint position(Path file, Map<String, String> metadata)
      throws CheckpointException {
    Map<String, String> free = new LinkedHashMap<>(metadata);
    String epoch = free.remove(EPOCH), step = free.remove(STEP), seed = free.remove(SEED);
    try {
      return new Checkpoint(
          Integer.parseInt(epoch), Integer.parseInt(step), Long.parseLong(seed), free);
    } catch (NumberFormatException e) {
      throw new CheckpointException(
          file
              + ": holds weights, not a training that could go on (epoch "
              + epoch
              + ", step "
              + step
              + ", seed "
              + seed
              + "); load it as weights");
    }
  }
}
