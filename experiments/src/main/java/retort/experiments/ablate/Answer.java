package retort.experiments.ablate;

import java.util.List;

/// One way of answering test samples, and what it gives and costs.
///
/// @param by what answers: `generated`, `own classifier`, `probe`, `first stage`, `teacher`
/// @param variant what sets this way of sampling apart from the plain one, or empty
/// @param sampler its name; empty where nothing is generated, and all about sampling is then 0
/// @param accuracy the share of right answers
/// @param evaluations how often the head is asked for one image's token: steps, times two under
///   guidance, times samples
/// @param macs multiply-accumulates an image, the student's body included
/// @param millis of generating one image's feature; the student's body is not in it
/// @param spread the standard deviation of what was generated over that of the targets: about 1
///   where sampling works, thousands where it explodes
/// @param shots the accuracy over classes with many, a medium number and few training images, where
///   that is asked for
record Answer(
    String by,
    String variant,
    String sampler,
    int steps,
    int samples,
    double accuracy,
    int evaluations,
    long macs,
    double millis,
    double spread,
    List<Double> shots) {

  /// An answer that generates nothing.
  static Answer direct(String by, double accuracy, long macs, List<Double> shots) {
    return new Answer(by, "", "", 0, 0, accuracy, 0, macs, 0, 0, shots);
  }

  /// What is the same way in cells of other seeds.
  String key() {
    return String.join("/", by, variant, sampler, Integer.toString(steps), samples + "x");
  }
}
