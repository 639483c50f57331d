package retort.tensor;

/// How a run of numbers becomes one. The gradient of MAX goes to the first of equal maxima.
public enum Reduction {
  SUM,
  MEAN,
  MAX
}
