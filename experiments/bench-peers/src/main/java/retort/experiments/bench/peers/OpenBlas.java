package retort.experiments.bench.peers;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import retort.experiments.bench.Contender;
import retort.experiments.bench.MatrixProduct;
import retort.experiments.bench.Peer;
import retort.experiments.bench.Work;
import retort.tensor.Product;

/// Matrix products by OpenBLAS.
public final class OpenBlas implements Peer {
  private final String name = "OpenBLAS " + Release.of("openblas");

  /// Found as a service.
  public OpenBlas() {}

  @Override
  public String name() {
    return name;
  }

  @Override
  public void threads(int threads) {
    org.bytedeco.openblas.presets.openblas.blas_set_num_threads(threads);
  }

  @Override
  public void trim() {
    Pointer.trimMemory();
  }

  @Override
  public List<Contender> contenders(Work work, float[][] inputs) {
    return work instanceof MatrixProduct m
        ? List.of(new Sgemm(name, m.product(), inputs))
        : List.of();
  }

  private static final class Sgemm implements Contender {
    private final String name;
    private final Product p;
    private final FloatPointer a;
    private final FloatPointer b;
    private final FloatPointer c;

    Sgemm(String name, Product product, float[][] inputs) {
      this.name = name;
      p = product;
      a = new FloatPointer(inputs[0]);
      b = new FloatPointer(inputs[1]);
      c = new FloatPointer((long) p.m() * p.n());
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void run() {
      openblas.cblas_sgemm(
          openblas.CblasRowMajor,
          p.transposeA() ? openblas.CblasTrans : openblas.CblasNoTrans,
          p.transposeB() ? openblas.CblasTrans : openblas.CblasNoTrans,
          p.m(),
          p.n(),
          p.k(),
          1,
          a,
          p.transposeA() ? p.m() : p.k(),
          b,
          p.transposeB() ? p.k() : p.n(),
          0,
          c,
          p.n());
    }

    @Override
    public float[][] results() {
      run();
      float[] result = new float[p.m() * p.n()];
      c.get(result);
      return new float[][] {result};
    }

    @Override
    public void close() {
      a.close();
      b.close();
      c.close();
    }
  }
}
