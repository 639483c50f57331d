package retort.tensor;

/// An operation that a user writes: the same three methods as the library's own, with the device's
/// verbs to write them in. Run it with `Tape.current().apply(op, inputs)`, and check it with
/// `retort.tensor.gradcheck`.
public non-sealed interface CustomOp extends Op {}
