package retort.experiments.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import retort.experiments.bench.Contender;
import retort.experiments.bench.KernelWork;
import retort.experiments.bench.Peer;
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
  public List<Contender> contenders(Work work, float[][] inputs) {
    return switch (work) {
      case KernelWork kernel -> kernels(kernel, inputs);
    };
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
