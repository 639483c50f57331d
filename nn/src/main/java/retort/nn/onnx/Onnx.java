package retort.nn.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.io.AtomicFile;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Nets as ONNX models (onnx.ai, operator set 17), which other runtimes run. A program is run once
/// on a small batch, and what it does is written down; so anything that is made of operations can
/// be exported, as long as it does the same whatever its inputs hold. The batch of the file is of
/// any size.
///
/// Images are `[n, h, w, c]` here and `[n, c, h, w]` in the file, as everywhere outside.
public final class Onnx {
  /// Of the traced run. A prime that is no factor of any usual width, so that an extent which it
  /// divides is the batch's.
  private static final int BATCH = 7;

  private Onnx() {}

  /// An input of a program.
  ///
  /// @param one its shape without the batch; of three extents it is an image `[h, w, c]`
  public record Input(String name, Shape one) {}

  /// Writes a program of inputs to named outputs, each `[n, ..]`.
  ///
  /// @param module all that the program reads, on its device
  /// @param metadata free
  public static void save(
      Path file,
      Module module,
      List<Input> inputs,
      Function<List<Tensor>, SequencedMap<String, Tensor>> program,
      Map<String, String> metadata)
      throws IOException {
    Graph graph = new Graph();
    Map<Tensor, String> paths = new IdentityHashMap<>();
    module.state().forEach((path, t) -> paths.put(t, path));
    Values values = new Values(graph, BATCH, paths);
    Nodes nodes = new Nodes(graph, values, inputs.getFirst().name());
    module.evaluating(() ->
        Tape.infer(
            module.device(),
            nodes,
            tape -> {
              List<Tensor> in = inputs.stream().map(i -> input(graph, values, tape, i)).toList();
              program
                  .apply(in)
                  .forEach((name, t) -> graph.output(name, values.of(t), rest(t.shape())));
              return null;
            }));
    Message model = graph.model(module.getClass().getSimpleName(), metadata);
    AtomicFile.write(file, model::writeTo);
  }

  /// Writes a backbone: `images` in, `feature` and `logits` out.
  ///
  /// @param image `[h, w, c]`
  public static void save(Path file, Backbone net, Shape image, Map<String, String> metadata)
      throws IOException {
    save(
        file,
        net,
        List.of(new Input("images", image)),
        in -> {
          Tensor feature = net.embed(in.getFirst());
          SequencedMap<String, Tensor> out = new LinkedHashMap<>();
          out.put("feature", feature);
          out.put("logits", net.classify(feature));
          return out;
        },
        metadata);
  }

  private static Tensor input(Graph graph, Values values, Tape tape, Input input) {
    Tensor t = tape.fill(input.one().insert(0, BATCH), 0);
    Shape one = input.one();
    if (one.rank() == 3) {
      int[] inFile = {one.at(2), one.at(0), one.at(1)};
      values.putChannelsFirst(t, graph.input(input.name(), inFile));
    } else {
      values.put(t, graph.input(input.name(), one.toArray()));
    }
    return t;
  }

  private static int[] rest(Shape shape) {
    return shape.without(0, 1).toArray();
  }
}
