package retort.experiments.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import retort.nn.Module;
import retort.tensor.Device;
import retort.tensor.Philox;

/// Exported files in ONNX Runtime, beside the modules they came from.
final class Exported {
  private static final float TOLERANCE = 2e-4f;

  private Exported() {}

  /// Every number moved off the value it starts at, the running statistics too.
  static <M extends Module> M shaken(Device device, M module) {
    Module.on(device, 1, module);
    long[] stream = {0};
    module
        .state()
        .forEach((path, t) -> {
          boolean variance = path.endsWith("running_var");
          float[] values = t.toFloats();
          Philox draws = new Philox(9, stream[0]++);
          for (int i = 0; i < values.length; i++) {
            double move = 0.2 * draws.uniform(i);
            values[i] += (float) (variance ? move : move - 0.1);
          }
          t.set(values);
        });
    return module;
  }

  record Input(float[] values, long[] shape) {
    static Input of(float[] values, long... shape) {
      return new Input(values, shape);
    }
  }

  static OrtSession open(Path file) throws OrtException {
    return OrtEnvironment.getEnvironment().createSession(file.toString());
  }

  static void agrees(OrtSession session, Map<String, Input> inputs, Map<String, float[]> ours)
      throws OrtException {
    Map<String, OnnxTensor> in = new HashMap<>();
    for (var e : inputs.entrySet()) {
      in.put(
          e.getKey(),
          OnnxTensor.createTensor(
              OrtEnvironment.getEnvironment(),
              FloatBuffer.wrap(e.getValue().values()),
              e.getValue().shape()));
    }
    try (OrtSession.Result said = session.run(in)) {
      for (var e : ours.entrySet()) {
        var theirs = (OnnxTensor) said.get(e.getKey()).orElseThrow();
        float[] values = new float[e.getValue().length];
        theirs.getFloatBuffer().get(values);
        float largest = 1;
        for (float v : e.getValue()) largest = Math.max(largest, Math.abs(v));
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i])
              .as(e.getKey() + "[" + i + "]")
              .isCloseTo(e.getValue()[i], within(TOLERANCE * largest));
        }
      }
    } finally {
      in.values().forEach(OnnxTensor::close);
    }
  }
}
