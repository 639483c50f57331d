package retort.tensor.cpu;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
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
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;

/// A small assembler of vector loops: what a method of this class names becomes one call of the
/// Vector API in a hidden class, with the species and every stride a constant.
///
/// Vectors and integers are named by their local variable. Code is straight but for [#loop] and
/// [#when]; the bytes are those that javac would make of the same loop written out by hand.
final class VectorCode {
  private static final ClassDesc VECTOR = FloatVector.class.describeConstable().orElseThrow();
  private static final ClassDesc ANY_VECTOR = Vector.class.describeConstable().orElseThrow();
  private static final ClassDesc SPECIES = VectorSpecies.class.describeConstable().orElseThrow();
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final String WIDTH = "SPECIES_" + Lanes.SPECIES.vectorBitSize();

  private final CodeBuilder code;

  private VectorCode(CodeBuilder code) {
    this.code = code;
  }

  /// An instance of an interface of this package, whose one method is `body`.
  static <T> T compile(Class<T> face, Consumer<VectorCode> body) {
    Method method =
        Stream.of(face.getDeclaredMethods())
            .filter(m -> Modifier.isAbstract(m.getModifiers()))
            .findFirst()
            .orElseThrow();
    ClassDesc[] parameters =
        Stream.of(method.getParameterTypes())
            .map(t -> t.describeConstable().orElseThrow())
            .toArray(ClassDesc[]::new);
    ClassDesc type = ClassDesc.of(face.getPackageName(), face.getSimpleName() + "Code");
    byte[] bytes =
        ClassFile.of()
            .build(
                type,
                c ->
                    c.withFlags(ACC_FINAL)
                        .withInterfaceSymbols(face.describeConstable().orElseThrow())
                        .withMethodBody(
                            INIT_NAME,
                            MTD_void,
                            0,
                            m ->
                                m.aload(0)
                                    .invokespecial(
                                        Object.class.describeConstable().orElseThrow(),
                                        INIT_NAME,
                                        MTD_void)
                                    .return_())
                        .withMethodBody(
                            method.getName(),
                            MethodTypeDesc.of(CD_void, parameters),
                            ACC_PUBLIC,
                            m -> {
                              body.accept(new VectorCode(m));
                              m.return_();
                            }));
    try {
      var hidden = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return face.cast(
          hidden
              .findConstructor(
                  hidden.lookupClass(), java.lang.invoke.MethodType.methodType(void.class))
              .invoke());
    } catch (Throwable t) {
      throw new IllegalStateException("could not compile a " + face.getSimpleName(), t);
    }
  }

  /// The local variable of the method's i-th parameter.
  int parameter(int i) {
    return code.parameterSlot(i);
  }

  // ---- integers

  /// base + i * stride, in a new variable.
  int at(int base, int i, int stride) {
    return integer(() -> code.iload(base).iload(i).loadConstant(stride).imul().iadd());
  }

  /// base + i, in a new variable.
  int plus(int base, int i) {
    return integer(() -> code.iload(base).iload(i).iadd());
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

  /// Runs `body` where the flag is set.
  void when(int flag, Runnable body) {
    Label end = code.newLabel();
    code.iload(flag).ifeq(end);
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
  void fma(int sum, int a, int b) {
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
