package retort.tensor;

/// Where a kernel lands its result: it either writes the span or adds to it. A gradient that nobody
/// wants has no slot, and a kernel that is handed `null` computes nothing for it.
public record Slot(Span span, boolean adds) {
  /// A slot that is overwritten; what it held before, NaN included, doesn't matter.
  public static Slot write(Span span) {
    return new Slot(span, false);
  }

  /// A slot that is added to.
  public static Slot add(Span span) {
    return new Slot(span, true);
  }
}
