package retort.tensor.gradcheck;

import java.util.Arrays;
import java.util.SplittableRandom;

/// What a function and its backward owe their caller beyond the right numbers: shapes that fit,
/// finite values for finite inputs, the same bits each time, and inputs left alone.
final class Contract {
  private final Subject subject;
  private final Findings findings;
  private final NdArray u;

  private Contract(Subject subject, Findings findings, NdArray u) {
    this.subject = subject;
    this.findings = findings;
    this.u = u;
  }

  /// Says whether the derivatives are worth comparing: shapes fit and all is finite.
  static boolean check(Subject subject, Findings findings) {
    NdArray y = subject.f().apply(NdArray.copies(subject.x())).copy();
    if (!finite(y, "the output", findings)) {
      return false;
    }
    var random = new SplittableRandom(subject.seed() ^ 0x5EED);
    var contract = new Contract(subject, findings, Draw.NORMAL.draw(random, y.shape()));
    if (!contract.shapesAndFinite()) {
      return false;
    }
    contract.forward(y);
    contract.untouched();
    contract.repeats();
    new BackwardContract(subject, findings, contract.u).check();
    if (subject.f() != subject.reference()) {
      contract.forwardAgrees(y);
    }
    return true;
  }

  private boolean shapesAndFinite() {
    NdArray[] dx = subject.gradient(u);
    if (dx.length != subject.x().length) {
      findings.add(
          Cause.WRONG_SHAPE,
          "vjp returned %d gradients for %d inputs; return one an input, null where there is none",
          dx.length,
          subject.x().length);
      return false;
    }
    boolean fine = true;
    for (int i : subject.wantedInputs()) {
      NdArray x = subject.x()[i];
      if (dx[i] == null) {
        findings.add(
            Cause.ZERO,
            "the gradient of input %d is null; leave the input out with wrt(...) if it has none",
            i);
        fine = false;
      } else if (!dx[i].sameShape(x)) {
        boolean unsummed = dx[i].sameShape(u) && x.size() < u.size();
        findings.add(
            unsummed ? Cause.MISSING_BROADCAST_SUM : Cause.WRONG_SHAPE,
            "the gradient of input %d has shape %s, the input %s",
            i,
            Arrays.toString(dx[i].shape()),
            Arrays.toString(x.shape()));
        fine = false;
      } else {
        fine &= finite(dx[i], "the gradient of input " + i, findings);
      }
    }
    return fine;
  }

  private static boolean finite(NdArray array, String name, Findings findings) {
    for (int j = 0; j < array.size(); j++) {
      if (!Double.isFinite(array.data()[j])) {
        findings.add(
            Cause.NOT_FINITE,
            "%s is %s at %s for finite inputs",
            name,
            array.data()[j],
            array.shape().length == 0 ? "its one value" : NdArray.index(j, array.shape()));
        return false;
      }
    }
    return true;
  }

  private void forward(NdArray first) {
    NdArray[] x = NdArray.copies(subject.x());
    NdArray y = subject.f().apply(x);
    for (int i = 0; i < x.length; i++) {
      if (x[i].data() == y.data() && y.size() > 0) {
        findings.add(Cause.ALIASES, "the output is the array of input %d", i);
      }
      if (x[i].distance(subject.x()[i]) != 0) {
        findings.add(Cause.MUTATES, "the forward changed input %d", i);
      }
    }
    NdArray kept = y.copy();
    if (!(kept.distance(first) <= subject.tolerance().nondetTol())) {
      findings.add(
          Cause.RANDOM,
          "two forwards on the same input differ by %.2g (nondetTol %.2g)",
          kept.distance(first),
          subject.tolerance().nondetTol());
    }
    subject.f().apply(subject.elsewhere());
    if (y.distance(kept) != 0) {
      findings.add(Cause.STALE_BUFFER, "a later forward changed the output of an earlier one");
    }
  }

  private void untouched() {
    NdArray[] x = NdArray.copies(subject.x());
    NdArray dy = u.copy();
    NdArray[] dx = subject.f().vjp(x, dy, subject.wanted().clone());
    for (int i = 0; i < x.length; i++) {
      if (x[i].distance(subject.x()[i]) != 0) {
        findings.add(Cause.MUTATES, "the backward changed input %d", i);
      }
      for (int j : subject.wantedInputs()) {
        if (dx[j].data() == x[i].data() && x[i].size() > 0) {
          findings.add(Cause.ALIASES, "the gradient of input %d is the array of input %d", j, i);
        }
      }
    }
    if (dy.distance(u) != 0) {
      findings.add(Cause.MUTATES, "the backward changed the cotangent");
    }
  }

  private void repeats() {
    NdArray[] handedOut = subject.gradient(u);
    NdArray[] first = Subject.copies(handedOut);
    NdArray[] second = subject.copiedGradient(u);
    NdArray[] third = subject.copiedGradient(u);
    subject.f().apply(subject.elsewhere());
    subject.f().vjp(subject.elsewhere(), u.copy(), subject.wanted().clone());
    NdArray[] later = Subject.copies(handedOut);
    NdArray[] afterOther = subject.gradient(u);
    double tolerated = subject.tolerance().nondetTol();
    for (int i : subject.wantedInputs()) {
      double apart = first[i].distance(second[i]);
      if (!(apart <= tolerated)) {
        findings.add(
            grows(first[i], second[i], third[i]) ? Cause.STALE_BUFFER : Cause.RANDOM,
            "two backwards on the same input differ by %.2g in input %d (nondetTol %.2g)",
            apart,
            i,
            tolerated);
      } else if (!(first[i].distance(afterOther[i]) <= tolerated)) {
        findings.add(
            Cause.STALE_BUFFER,
            "the gradient of input %d differs by %.2g after a call at another point",
            i,
            first[i].distance(afterOther[i]));
      } else if (first[i].distance(later[i]) != 0) {
        findings.add(
            Cause.STALE_BUFFER,
            "a later backward changed the gradient of input %d handed out before",
            i);
      }
    }
  }

  /// Whether each answer adds the same to the one before: a sum that is never set to zero.
  private boolean grows(NdArray first, NdArray second, NdArray third) {
    for (int j = 0; j < first.size(); j++) {
      double due = 2 * second.data()[j] - first.data()[j];
      if (Math.abs(third.data()[j] - due) > 1e-6 * Math.abs(second.data()[j] - first.data()[j])) {
        return false;
      }
    }
    return true;
  }

  private void forwardAgrees(NdArray y) {
    NdArray judge = subject.value();
    if (!judge.sameShape(y) || !subject.close(judge, y)) {
      findings.add(
          Cause.FORWARD_DIFFERS,
          judge.sameShape(y)
              ? "the forwards differ by %.3g".formatted(judge.distance(y))
              : "the output has shape %s, the reference's %s"
                  .formatted(Arrays.toString(y.shape()), Arrays.toString(judge.shape())));
    }
  }
}
