package retort.gendd.generative;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import retort.gendd.StepDraws;
import retort.gendd.diffusion.Sampler;
import retort.gendd.diffusion.Sampling;
import retort.nn.onnx.Onnx;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// GenDD's student and its head as one ONNX model: `images` and `noise` in; the generated
/// `feature`, the `logits` that the teacher's classifier gives it, and the `student` classifier's
/// own out. With one step (the samplers `mean`, or `ddim` and `euler` with spacing 1) that is one
/// pass of the head; with more the passes follow each other in the graph.
public final class OnnxGeneration {
  /// Samplers that draw nothing on their way.
  private static final Set<String> DETERMINISTIC =
      Set.of("mean", "ddim", "euler", "heun", "meanflow");

  private OnnxGeneration() {}

  /// @param image `[h, w, c]`
  public static void save(
      Path file, GenDD gendd, Sampling how, Shape image, Map<String, String> metadata)
      throws IOException {
    if (!DETERMINISTIC.contains(how.sampler()) || how.eta() != 0 || how.samples() != 1) {
      throw new IllegalArgumentException(
          "onnx: the file can draw no noise of its own, so it wants one sample by mean, euler,"
              + " heun, meanflow, or ddim with eta 0; got "
              + how.samples()
              + " by "
              + how.sampler()
              + " with eta "
              + how.eta());
    }
    int token = gendd.options().token();
    var inputs =
        List.of(
            new Onnx.Input("images", image), new Onnx.Input("noise", Shape.of(gendd.noiseWidth())));
    Onnx.save(
        file,
        gendd,
        inputs,
        in -> {
          Tensor own = gendd.student().embed(in.get(0));
          Tensor noise = in.get(1).reshape(-1, token);
          Tensor feature =
              gendd.generate(own, noise, how, new StepDraws(0, 0), Sampler.Path.UNSEEN);
          SequencedMap<String, Tensor> out = new LinkedHashMap<>();
          out.put("feature", feature);
          out.put("logits", gendd.teacher().classify(feature));
          out.put("student", gendd.student().classify(own));
          return out;
        },
        metadata);
  }
}
