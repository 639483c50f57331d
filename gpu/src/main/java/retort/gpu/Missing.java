package retort.gpu;

import retort.tensor.DeviceProvider.Finding;

/// Something without which no card can be used: what it is, where it was looked for, and the line
/// that mends it.
final class Missing extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private final transient Finding finding;

  Missing(String what, String state, String remedy) {
    super("cuda: " + state + "; " + remedy);
    finding = new Finding(what, state, remedy);
  }

  Finding finding() {
    return finding;
  }
}
