package retort.tensor.gradcheck;

import java.util.List;

/// One thing that is wrong: what was seen, the worst entries where entries were compared, and the
/// cause it suggests, with what supports it.
public record Failure(Cause cause, String what, List<Mismatch> worst, String evidence) {
  public Failure {
    worst = List.copyOf(worst);
  }

  static Failure of(Cause cause, String what) {
    return new Failure(cause, what, List.of(), "");
  }

  @Override
  public String toString() {
    var text = new StringBuilder("  ").append(what).append('\n');
    worst.forEach(mismatch -> text.append("     ").append(mismatch).append('\n'));
    text.append("     suspected cause: ").append(cause.title());
    if (!evidence.isEmpty()) {
      text.append(" (").append(evidence).append(')');
    }
    return text.append("\n     -> ").append(cause.advice()).append('\n').toString();
  }
}
