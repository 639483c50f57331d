package retort.experiments.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import retort.experiments.Failure;
import retort.gendd.Teacher;
import retort.gendd.diffusion.Sampling;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.nn.Module;
import retort.nn.Weights;
import retort.nn.backbone.Backbones;
import retort.nn.io.ArrayFile;
import retort.nn.io.StoredArray;
import retort.tensor.Device;

/// A GenDD student with its head, out of the checkpoint that its training left. The head's sizes
/// are those of its arrays; what it predicts, no array says.
public final class TrainedGenDD {
  private TrainedGenDD() {}

  /// @param teacher who it learnt from
  public static GenDD read(
      Path file,
      Backbones.Entry student,
      Teacher teacher,
      String predict,
      Sampling how,
      Device device) {
    Pretrained own = Pretrained.read(file);
    try {
      Map<String, StoredArray> arrays = ArrayFile.read(file).arrays();
      int[] input = shape(file, arrays, "head.input.weight"); // [width, token]
      int depth = 0;
      while (arrays.containsKey("head.block" + depth + ".in.weight")) depth++;
      GenDDOptions labelled =
          GenDDOptions.CIFAR
              .width(input[0])
              .token(input[1])
              .depth(depth)
              .predict(predict)
              .sampling(how);
      boolean labels = arrays.keySet().stream().anyMatch(name -> name.startsWith("contraction."));
      var net = Module.blank(device, student.make(own.channels(), teacher.classes()));
      GenDD gendd = new GenDD(net, teacher, labels ? labelled : labelled.unlabelled());
      Weights.load(file, Module.on(device, 0, gendd));
      return gendd;
    } catch (IOException e) {
      throw new Failure(
          e.getMessage(),
          file,
          "name the checkpoint of a GenDD training, with the student, the teacher and what its head"
              + " predicts as they were in it",
          e);
    }
  }

  private static int[] shape(Path file, Map<String, StoredArray> arrays, String name) {
    StoredArray found = arrays.get(name);
    if (found != null) return found.shape();
    throw new Failure(
        "the checkpoint has no head: " + name + " is missing",
        file.toString(),
        "name one that a training by gendd or gendd-unlabelled left, such as"
            + " runs/quickstart-1/gendd.safetensors");
  }
}
