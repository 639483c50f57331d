package retort.tensor.cpu;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/// How every single question is asked: nanoseconds a call, after C2 is done, in two JVMs, because
/// its choice of registers may differ from one start to the next.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public abstract class Questions {
  static float[] numbers(int size) {
    var random = new SplittableRandom(1);
    float[] x = new float[size];
    for (int i = 0; i < size; i++) x[i] = 2 * random.nextFloat() - 1;
    return x;
  }
}
