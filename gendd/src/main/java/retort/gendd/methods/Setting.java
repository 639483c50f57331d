package retort.gendd.methods;

import java.util.List;
import retort.gendd.Teacher;
import retort.nn.backbone.Backbone;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Who learns from whom on what: all that a method may need to size what it adds.
///
/// @param teacher null for methods without one
/// @param image the shape of one image `[h, w, c]`
/// @param labels of the training images, in the order of their indices
public record Setting(Backbone student, Teacher teacher, Shape image, int[] labels) {
  /// The shapes of both nets' maps of one image, the stem left out, before or after the last ReLU.
  record Stages(List<Shape> student, List<Shape> teacher) {
    int count() {
      return student.size();
    }
  }

  /// The maps of nets that have as many stages; others are refused in the method's name.
  Stages stages(String method) {
    Stages s = new Stages(maps(method, "student", student), maps(method, "teacher", teacher.net()));
    if (s.student().size() != s.teacher().size()) {
      throw new IllegalArgumentException(
          method
              + " compares maps stage by stage, but the student has "
              + s.student().size()
              + " stages after its stem "
              + s.student()
              + " and the teacher "
              + s.teacher().size()
              + " "
              + s.teacher()
              + "; choose nets of one family, or a method that reads features or logits");
    }
    return s;
  }

  private List<Shape> maps(String method, String who, Backbone net) {
    if (net.stages().size() < 2) {
      throw new IllegalArgumentException(
          method
              + " wants feature maps, and the "
              + who
              + " has none; kd, dkd, ikl, rkd, crd, regression and gendd do without");
    }
    boolean training = net.isTraining();
    net.eval();
    try {
      return Tape.infer(
          net.device(),
          tape -> {
            Tensor one = tape.fill(image.insert(0, 1), 0);
            List<Tensor> after = net.features(one).after();
            return after.stream().skip(1).map(Tensor::shape).toList();
          });
    } finally {
      if (training) net.train();
    }
  }
}
