package lstm;

/// The mistake most hand-written LSTMs make once: the gradient that reaches c' from the next step
/// is dropped, and only what comes through h' is passed on. Training still works, a little.
public class BrokenLstmCell extends LstmCell {
  @Override
  double gradientOfNewCell(double direct, double throughHidden) {
    return throughHidden;
  }
}
