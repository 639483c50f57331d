package retort.tensor.gradcheck;

import java.util.SplittableRandom;

/// What makes an answer a vector-Jacobian product at all: linear in the cotangent, exactly zero for
/// a zero one, only for the inputs it is wanted for, and summed where one array serves as two
/// inputs.
record BackwardContract(Subject subject, Findings findings, NdArray u) {
  private static final int MOST_PAIRS = 3;

  void check() {
    zeroCotangent();
    linear();
    onlyWanted();
    sharedInput();
  }

  private void zeroCotangent() {
    NdArray[] dx = subject.gradient(NdArray.zeros(u.shape()));
    for (int i : subject.wantedInputs()) {
      for (int j = 0; j < dx[i].size(); j++) {
        if (dx[i].data()[j] != 0) {
          findings.add(
              Cause.NOT_LINEAR,
              "a zero cotangent gives %.3g at input %d %s, not exactly 0",
              dx[i].data()[j],
              i,
              NdArray.index(j, dx[i].shape()));
          break;
        }
      }
    }
  }

  private void linear() {
    NdArray w = Draw.NORMAL.draw(new SplittableRandom(subject.seed() ^ 0x11EA), u.shape());
    NdArray[] forU = subject.copiedGradient(u);
    NdArray[] forW = subject.copiedGradient(w);
    combines(0, w, forW, -1, forU);
    combines(1, w, forW, -3, forU);
  }

  private void combines(int a, NdArray w, NdArray[] forW, int b, NdArray[] forU) {
    NdArray mixed = w.copy();
    for (int k = 0; k < u.size(); k++) {
      mixed.data()[k] = a * w.data()[k] + b * u.data()[k];
    }
    NdArray[] got = subject.gradient(mixed);
    for (int i : subject.wantedInputs()) {
      for (int j = 0; j < got[i].size(); j++) {
        double left = a * forW[i].data()[j];
        double right = b * forU[i].data()[j];
        double slack = subject.tolerance().allowed(Math.abs(left) + Math.abs(right));
        if (!(Math.abs(got[i].data()[j] - (left + right)) <= slack)) {
          findings.add(
              Cause.NOT_LINEAR,
              "vjp(%d w %+d u) is %.5g at input %d %s, but %d vjp(w) %+d vjp(u) is %.5g",
              a,
              b,
              got[i].data()[j],
              i,
              NdArray.index(j, got[i].shape()),
              a,
              b,
              left + right);
          return;
        }
      }
    }
  }

  /// Every second input, then the others: two backwards, whatever the number of inputs.
  private void onlyWanted() {
    NdArray[] all = subject.copiedGradient(u);
    int[] inputs = subject.wantedInputs();
    for (int parity = 0; parity < Math.min(2, inputs.length); parity++) {
      boolean[] wanted = subject.wanted().clone();
      for (int p = parity; p < inputs.length; p += 2) {
        wanted[inputs[p]] = false;
      }
      NdArray[] some = subject.f().vjp(NdArray.copies(subject.x()), u.copy(), wanted);
      for (int i : inputs) {
        if (!wanted[i] && some[i] != null) {
          findings.add(Cause.UNWANTED, "the gradient of input %d is computed when not wanted", i);
        } else if (wanted[i] && (some[i] == null || !subject.close(all[i], some[i]))) {
          findings.add(
              Cause.UNWANTED,
              "the gradient of input %d changes when those of others aren't wanted",
              i);
        }
      }
    }
  }

  /// Neighbours of one shape serve as one array; a few of them, for layers have many parameters.
  private void sharedInput() {
    int[] wanted = subject.wantedInputs();
    int pairs = 0;
    for (int p = 1; p < wanted.length && pairs < MOST_PAIRS; p++) {
      if (subject.x()[wanted[p - 1]].sameShape(subject.x()[wanted[p]])) {
        shared(wanted[p - 1], wanted[p]);
        pairs++;
      }
    }
  }

  private void shared(int a, int b) {
    NdArray[] apart = NdArray.copies(subject.x());
    apart[b] = apart[a].copy();
    NdArray[] same = NdArray.copies(apart);
    same[b] = same[a];
    NdArray[] expected = Subject.copies(subject.f().vjp(apart, u.copy(), subject.wanted().clone()));
    NdArray[] got = subject.f().vjp(same, u.copy(), subject.wanted().clone());
    for (int i : subject.wantedInputs()) {
      if (!subject.close(expected[i], got[i])) {
        findings.add(
            Cause.SHARED_INPUT,
            "with one array as inputs %d and %d the gradient of input %d differs by %.2g",
            a,
            b,
            i,
            expected[i].distance(got[i]));
      }
    }
  }
}
