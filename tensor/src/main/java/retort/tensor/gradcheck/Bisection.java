package retort.tensor.gradcheck;

/// Finds one wrong gradient entry of a large input in some `log2(n)` slopes: of a direction along
/// which the numbers disagree, it keeps the half that disagrees more, until one coordinate is left.
record Bisection(Subject subject, NdArray y, NdArray u, NdArray[] gradient) {
  Mismatch narrow(NdArray[] v) {
    NdArray[] current = v;
    int from = 0;
    int to = subject.coordinates();
    while (to - from > 1) {
      int middle = (from + to) >>> 1;
      NdArray[] left = restricted(v, from, middle);
      NdArray[] right = restricted(v, middle, to);
      boolean goLeft = mismatch(left, 0, from).absolute() >= mismatch(right, 0, from).absolute();
      current = goLeft ? left : right;
      from = goLeft ? from : middle;
      to = goLeft ? middle : to;
    }
    return mismatch(current, 1, from);
  }

  private Mismatch mismatch(NdArray[] v, int named, int coordinate) {
    Slopes slopes = subject.alongDirection(v, y);
    double numeric = 0;
    double estimate = 0;
    double analytic = 0;
    for (int k = 0; k < y.size(); k++) {
      if (!slopes.rough[k]) {
        numeric += u.data()[k] * slopes.central[k];
        estimate += Math.abs(u.data()[k]) * slopes.estimate[k];
      }
    }
    for (int i : subject.wantedInputs()) {
      analytic += gradient[i].dot(v[i]);
    }
    return new Mismatch(
        "<u, out>", named == 0 ? "" : name(coordinate), analytic, numeric, estimate);
  }

  private String name(int coordinate) {
    int left = coordinate;
    for (int i : subject.wantedInputs()) {
      if (left < subject.x()[i].size()) {
        return "in" + i + NdArray.index(left, subject.x()[i].shape());
      }
      left -= subject.x()[i].size();
    }
    throw new IllegalArgumentException("no coordinate " + coordinate);
  }

  private NdArray[] restricted(NdArray[] v, int from, int to) {
    NdArray[] some = NdArray.copies(v);
    int at = 0;
    for (int i : subject.wantedInputs()) {
      for (int j = 0; j < some[i].size(); j++, at++) {
        some[i].data()[j] = at >= from && at < to ? v[i].data()[j] : 0;
      }
    }
    return some;
  }
}
