package retort.tensor.cpu;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// A small assembler of vector loops: what a method of this class names becomes one call of the
/// Vector API in a hidden class, with the species and every stride a constant.
///
/// Vectors and integers are named by their local variable. Code is straight but for [#loop] and
/// [#whenAdds]; the bytes are those that javac would make of the same loop written out by hand.
final class VectorCode {
  private static final ClassDesc VECTOR = FloatVector.class.describeConstable().orElseThrow();
  private static final ClassDesc ANY_VECTOR = Vector.class.describeConstable().orElseThrow();
  private static final ClassDesc SPECIES = VectorSpecies.class.describeConstable().orElseThrow();
  private static final ClassDesc MASK = VectorMask.class.describeConstable().orElseThrow();
  private static final ClassDesc SHUFFLE = VectorShuffle.class.describeConstable().orElseThrow();
  private static final ClassDesc EXCHANGE = Exchange.class.describeConstable().orElseThrow();
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final ClassDesc TILE = Tile.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          CD_int,
          FLOATS,
          CD_int,
          CD_int,
          FLOATS,
          CD_int,
          CD_int,
          FLOATS,
          CD_int,
          CD_int,
          CD_boolean);
  private static final String WIDTH = "SPECIES_" + Lanes.SPECIES.vectorBitSize();

  private final CodeBuilder code;

  /// The local variables of the parameters of [Tile#run].
  final int n, a, ao, aPitch, b, bo, bPitch, c, co, cPitch;

  private final int adds;

  private VectorCode(CodeBuilder code) {
    this.code = code;
    int i = 0;
    n = code.parameterSlot(i++);
    a = code.parameterSlot(i++);
    ao = code.parameterSlot(i++);
    aPitch = code.parameterSlot(i++);
    b = code.parameterSlot(i++);
    bo = code.parameterSlot(i++);
    bPitch = code.parameterSlot(i++);
    c = code.parameterSlot(i++);
    co = code.parameterSlot(i++);
    cPitch = code.parameterSlot(i++);
    adds = code.parameterSlot(i);
  }

  /// A tile whose one method is `body`.
  static Tile compile(Consumer<VectorCode> body) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(Tile.class.getPackageName(), "CompiledTile"),
                type -> {
                  type.withFlags(ACC_FINAL).withInterfaceSymbols(TILE);
                  type.withMethodBody(
                      INIT_NAME,
                      MTD_void,
                      0,
                      m -> m.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_());
                  type.withMethodBody(
                      "run",
                      RUN,
                      ACC_PUBLIC,
                      m -> {
                        body.accept(new VectorCode(m));
                        m.return_();
                      });
                });
    try {
      MethodHandles.Lookup hidden = MethodHandles.lookup().defineHiddenClass(bytes, true);
      MethodType none = MethodType.methodType(void.class);
      return (Tile) hidden.findConstructor(hidden.lookupClass(), none).invoke();
    } catch (Throwable t) {
      throw new IllegalStateException("the tile's code does not load", t);
    }
  }

  // ---- integers

  /// base + i * stride, in a new variable.
  int at(int base, int i, int stride) {
    return integer(() -> code.iload(base).iload(i).loadConstant(stride).imul().iadd());
  }

  int constant(int value) {
    return integer(() -> code.loadConstant(value));
  }

  int times(int i, int j) {
    return integer(() -> code.iload(i).iload(j).imul());
  }

  /// base + i, in a new variable.
  int plus(int base, int i) {
    return integer(() -> code.iload(base).iload(i).iadd());
  }

  /// The places of rows that lie `pitch` apart, from `first` on.
  int[] rows(int first, int pitch, int count) {
    int[] row = new int[count];
    for (int i = 0; i < count; i++) row[i] = i == 0 ? first : plus(row[i - 1], pitch);
    return row;
  }

  private int integer(Runnable value) {
    int to = code.allocateLocal(TypeKind.INT);
    value.run();
    code.istore(to);
    return to;
  }

  // ---- control

  /// Runs `body` with 0 to `count` - 1 in a variable.
  void loop(int count, IntConsumer body) {
    int i = integer(() -> code.iconst_0());
    Label test = code.newLabel(), end = code.newLabel();
    code.labelBinding(test).iload(i).iload(count).if_icmpge(end);
    body.accept(i);
    code.iinc(i, 1).goto_(test).labelBinding(end);
  }

  /// Runs `body` where the tile adds.
  void whenAdds(Runnable body) {
    Label end = code.newLabel();
    code.iload(adds).ifeq(end);
    body.run();
    code.labelBinding(end);
  }

  // ---- vectors

  int[] zeros(int n) {
    int[] v = new int[n];
    for (int i = 0; i < n; i++) {
      species().invokestatic(VECTOR, "zero", MethodTypeDesc.of(VECTOR, SPECIES));
      v[i] = vector();
    }
    return v;
  }

  /// a[index + offset ..].
  int load(int a, int index, int offset) {
    species().aload(a);
    place(index, offset);
    code.invokestatic(VECTOR, "fromArray", MethodTypeDesc.of(VECTOR, SPECIES, FLOATS, CD_int));
    return vector();
  }

  /// a[index + offset] in every lane.
  int broadcast(int a, int index, int offset) {
    species().aload(a);
    place(index, offset);
    code.faload().invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, CD_float));
    return vector();
  }

  void store(int v, int a, int index, int offset) {
    code.aload(v).aload(a);
    place(index, offset);
    code.invokevirtual(VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
  }

  /// sum += a * b.
  void fma(int a, int b, int sum) {
    code.aload(a)
        .aload(b)
        .aload(sum)
        .invokevirtual(VECTOR, "fma", MethodTypeDesc.of(VECTOR, ANY_VECTOR, ANY_VECTOR))
        .astore(sum);
  }

  /// sum += a.
  void add(int sum, int a) {
    code.aload(sum)
        .aload(a)
        .invokevirtual(VECTOR, "add", MethodTypeDesc.of(VECTOR, ANY_VECTOR))
        .astore(sum);
  }

  /// factor * x + y.
  int fma(int x, float factor, int y) {
    code.aload(x);
    broadcast(factor)
        .aload(y)
        .invokevirtual(VECTOR, "fma", MethodTypeDesc.of(VECTOR, ANY_VECTOR, ANY_VECTOR));
    return vector();
  }

  /// factor * x.
  int times(int x, float factor) {
    code.aload(x);
    broadcast(factor).invokevirtual(VECTOR, "mul", MethodTypeDesc.of(VECTOR, ANY_VECTOR));
    return vector();
  }

  int sum(int x, int y) {
    return binary("add", x, y);
  }

  int difference(int x, int y) {
    return binary("sub", x, y);
  }

  private int binary(String name, int x, int y) {
    code.aload(x).aload(y).invokevirtual(VECTOR, name, MethodTypeDesc.of(VECTOR, ANY_VECTOR));
    return vector();
  }

  /// x, its lanes exchanged with those whose number differs in this bit.
  int flip(int x, int bit) {
    code.aload(x)
        .getstatic(EXCHANGE, "FLIP_" + bit, SHUFFLE)
        .invokevirtual(VECTOR, "rearrange", MethodTypeDesc.of(VECTOR, SHUFFLE));
    return vector();
  }

  /// y in the lanes whose number has this bit, x in the others.
  int blend(int x, int y, int bit) {
    code.aload(x)
        .aload(y)
        .getstatic(EXCHANGE, "HAVE_" + bit, MASK)
        .invokevirtual(VECTOR, "blend", MethodTypeDesc.of(VECTOR, ANY_VECTOR, MASK));
    return vector();
  }

  private CodeBuilder broadcast(float value) {
    return species()
        .loadConstant(value)
        .invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, CD_float));
  }

  /// Lands vectors in c, `stride` apart from `place` on: written or added.
  void landRow(int[] x, int place, int stride) {
    whenAdds(() -> {
      for (int i = 0; i < x.length; i++) {
        add(x[i], load(c, place, i * stride));
      }
    });
    for (int i = 0; i < x.length; i++) store(x[i], c, place, i * stride);
  }

  /// Lands sums `[rows, vectors]` in c, rows cPitch apart: written or added.
  void land(int[] sum, int vectors) {
    land(sum, rows(co, cPitch, sum.length / vectors), vectors);
  }

  /// Lands sums `[rows, vectors]` in c, at the places of the rows: written or added.
  void land(int[] sum, int[] row, int vectors) {
    int lanes = Lanes.SPECIES.length();
    whenAdds(() -> {
      for (int s = 0; s < sum.length; s++) {
        add(sum[s], load(c, row[s / vectors], s % vectors * lanes));
      }
    });
    for (int s = 0; s < sum.length; s++) store(sum[s], c, row[s / vectors], s % vectors * lanes);
  }

  private CodeBuilder species() {
    return code.getstatic(VECTOR, WIDTH, SPECIES);
  }

  private void place(int index, int offset) {
    code.iload(index);
    if (offset != 0) code.loadConstant(offset).iadd();
  }

  private int vector() {
    int to = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(to);
    return to;
  }
}
