package retort.experiments.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import retort.experiments.bench.Contender;
import retort.experiments.bench.HeadSampling;
import retort.experiments.bench.HeadTraining;
import retort.experiments.bench.KernelWork;
import retort.experiments.bench.Peer;
import retort.experiments.bench.TrainingStep;
import retort.experiments.bench.Work;
import retort.tensor.Shape;

/// PyTorch on the CPU as its users run it: eager, results allocated afresh. What has images is done
/// in both layouts; the better one counts.
public final class PyTorch implements Peer {
  private final String name = "PyTorch " + Release.of("pytorch");

  /// Found as a service.
  public PyTorch() {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public void threads(int threads) {
    torch.set_num_threads(threads);
  }

  @Override
  public void trim() {
    Pointer.trimMemory();
  }

  @Override
  public List<Contender> contenders(Work work, float[][] inputs) {
    return switch (work) {
      case KernelWork kernel -> kernels(kernel, inputs);
      case TrainingStep step -> training(step, inputs);
      case HeadTraining step -> List.of(Heads.training(step, inputs, name));
      case HeadSampling sampling -> List.of(Heads.sampling(sampling, inputs, name));
    };
  }

  private List<Contender> training(TrainingStep step, float[][] inputs) {
    List<Contender> found = new ArrayList<>();
    for (Layout layout : Layout.values()) {
      Weights weights = new Weights(step, inputs, layout, TrainingStep.IMAGES::equals);
      Tensor labels = Labels.tensor(Arrays.stream(step.labels()).asLongStream().toArray());
      weights.put("labels", labels);
      Nets nets = new Nets(weights);
      SGDOptions options = new SGDOptions(TrainingStep.RATE);
      options.momentum().put(TrainingStep.MOMENTUM);
      options.weight_decay().put(TrainingStep.DECAY);
      Supplier<Tensor> loss =
          () ->
              torch.cross_entropy_loss(
                  nets.classify(step.net(), weights.get(TrainingStep.IMAGES)), labels);
      found.add(
          new Training(
              name + " " + layout.label(),
              weights,
              loss,
              new SGD(weights.parameters(), options),
              TrainingStep.COMPARED));
    }
    return found;
  }

  private List<Contender> kernels(KernelWork work, float[][] inputs) {
    boolean images = work.inputs().stream().anyMatch(s -> s.rank() == 4);
    List<Contender> found = new ArrayList<>();
    for (Layout layout : images ? Layout.values() : new Layout[] {Layout.CHANNELS_FIRST}) {
      String label = images ? name + " " + layout.label() : name;
      List<Shape> shapes = work.inputs();
      Tensor[] in = new Tensor[inputs.length];
      for (int i = 0; i < in.length; i++) in[i] = layout.tensor(inputs[i], shapes.get(i));
      Supplier<Tensor[]> way = Eager.of(work, in, layout);
      if (way != null) found.add(new Kernel(label, in, way));
    }
    return found;
  }

  /// Tensors made on the way are freed after every run, as PyTorch's own programs would.
  private record Kernel(String name, Tensor[] in, Supplier<Tensor[]> way) implements Contender {
    @Override
    public void run() {
      try (PointerScope _ = new PointerScope()) {
        way.get();
      }
    }

    @Override
    public float[][] results() {
      try (PointerScope _ = new PointerScope()) {
        Tensor[] out = way.get();
        float[][] results = new float[out.length][];
        for (int i = 0; i < out.length; i++) results[i] = Layout.floats(out[i]);
        return results;
      }
    }

    @Override
    public void close() {
      for (Tensor t : in) t.close();
    }
  }
}
