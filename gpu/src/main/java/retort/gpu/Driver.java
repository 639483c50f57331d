package retort.gpu;

import static jcuda.driver.JCudaDriver.*;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.Pointer;
import jcuda.driver.CUDA_KERNEL_NODE_PARAMS;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstreamCaptureMode;
import retort.gpu.Work.Grid;
import retort.gpu.Work.Launch;

/// The card's driver: one context, and one stream in which everything happens in the order it was
/// asked for. So memory may be given to a new use as soon as the last use of the old one has been
/// asked for, and the host runs ahead of the card until it reads a number. A second stream brings
/// the host's numbers.
final class Driver {
  /// The kernels' sources, one compiled file each.
  static final List<String> FAMILIES =
      List.of(
          "convolution",
          "elementwise",
          "moves",
          "normalisation",
          "optimisers",
          "pooling",
          "random",
          "reductions",
          "softmax");

  /// Events that only say that something is done are cheaper than those that tell the time.
  private static final int WITHOUT_TIME = 2;

  /// A stream that waits for no other.
  private static final int ALONE = 1;

  private final CUdevice device;
  private final CUcontext context = new CUcontext();
  private final Stream stream = new Stream();
  private final Stream uploads = new Stream();
  private final List<CUmodule> modules = new ArrayList<>();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private final Arguments arguments = new Arguments();
  private Thread current;

  /// @param device as [Installation] found it
  Driver(CUdevice device) {
    this.device = device;
    check("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(context, device));
    enter();
    for (Stream s : List.of(stream, uploads)) {
      check("cuStreamCreate", cuStreamCreate(s, ALONE));
    }
    for (String family : FAMILIES) {
      CUmodule module = new CUmodule();
      check("loading the kernels of " + family, cuModuleLoadData(module, ptx(family)));
      modules.add(module);
    }
  }

  /// The text of a family's kernels for the driver's compiler, ended by a 0 as it wants it.
  private static byte[] ptx(String family) {
    try (InputStream in = Driver.class.getResourceAsStream(family + ".ptx")) {
      byte[] text = in.readAllBytes();
      return java.util.Arrays.copyOf(text, text.length + 1);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static void check(String call, int result) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw new IllegalStateException(
          "cuda: "
              + call
              + " failed with "
              + CUresult.stringFor(result)
              + "; a launch before it may be the cause (compute-sanitizer finds it)");
    }
  }

  /// Makes this thread one of the card's: contexts belong to threads, and a device may wander from
  /// one to another.
  void enter() {
    if (current == Thread.currentThread()) return;
    check("cuCtxSetCurrent", cuCtxSetCurrent(context));
    current = Thread.currentThread();
  }

  /// The stream, as other libraries of the vendor take it.
  long stream() {
    return stream.handle();
  }

  // ---- memory

  /// The address of fresh memory, or 0 where the card has none left.
  long allocate(long bytes) {
    enter();
    Address p = new Address();
    int result = cuMemAlloc(p, bytes);
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) return 0;
    check("cuMemAlloc of " + bytes + " bytes", result);
    return p.value();
  }

  void free(long address) {
    enter();
    check("cuMemFree", cuMemFree(Address.of(address)));
  }

  /// Memory of the host that the card reads by itself.
  ByteBuffer pinned(int bytes) {
    enter();
    Pointer p = new Pointer();
    check("cuMemAllocHost of " + bytes + " bytes", cuMemAllocHost(p, bytes));
    return p.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
  }

  /// Copies beside everything else; what is asked from now on waits for it. The source must stay as
  /// it is, and the place be no one else's, until `arrived`.
  void upload(ByteBuffer from, int bytes, long to, CUevent arrived) {
    enter();
    check("cuMemcpyHtoDAsync", cuMemcpyHtoDAsync(Address.of(to), Pointer.to(from), bytes, uploads));
    check("cuEventRecord", cuEventRecord(arrived, uploads));
    check("cuStreamWaitEvent", cuStreamWaitEvent(stream, arrived, 0));
  }

  /// Waits for everything asked before, and copies.
  void download(long from, ByteBuffer to, int bytes) {
    enter();
    check("cuMemcpyDtoHAsync", cuMemcpyDtoHAsync(Pointer.to(to), Address.of(from), bytes, stream));
    finish();
  }

  long total() {
    enter();
    long[] bytes = {0};
    check("cuDeviceTotalMem", cuDeviceTotalMem(bytes, device));
    return bytes[0];
  }

  // ---- order

  /// Waits for everything asked for.
  void finish() {
    enter();
    check("cuStreamSynchronize", cuStreamSynchronize(stream));
  }

  CUevent event() {
    enter();
    CUevent e = new CUevent();
    check("cuEventCreate", cuEventCreate(e, WITHOUT_TIME));
    return e;
  }

  void record(CUevent e) {
    enter();
    check("cuEventRecord", cuEventRecord(e, stream));
  }

  boolean isDone(CUevent e) {
    enter();
    int result = cuEventQuery(e);
    if (result != CUresult.CUDA_ERROR_NOT_READY) check("cuEventQuery", result);
    return result == CUresult.CUDA_SUCCESS;
  }

  void await(CUevent e) {
    enter();
    check("cuEventSynchronize", cuEventSynchronize(e));
  }

  // ---- kernels

  void launch(Launch l) {
    enter();
    Grid g = l.grid();
    Pointer values = arguments.pack(l.arguments());
    check(
        "the launch of " + g.kernel(),
        cuLaunchKernel(
            function(g), g.x(), g.y(), 1, g.blockX(), g.blockY(), 1, 0, stream, values, null));
  }

  private CUfunction function(Grid g) {
    return functions.computeIfAbsent(g.kernel(), this::find);
  }

  private CUfunction find(String kernel) {
    for (CUmodule module : modules) {
      CUfunction f = new CUfunction();
      int result = cuModuleGetFunction(f, module, kernel);
      if (result == CUresult.CUDA_SUCCESS) return f;
      if (result != CUresult.CUDA_ERROR_NOT_FOUND) check("looking for kernel " + kernel, result);
    }
    throw new IllegalStateException("cuda: no kernel '" + kernel + "' in the families " + FAMILIES);
  }

  // ---- graphs

  /// A launch as a node of a graph. Good until the next launch; the driver copies what it is
  /// handed.
  CUDA_KERNEL_NODE_PARAMS node(Launch l) {
    Grid g = l.grid();
    var node = new CUDA_KERNEL_NODE_PARAMS();
    node.func = function(g);
    node.gridDimX = g.x();
    node.gridDimY = g.y();
    node.gridDimZ = 1;
    node.blockDimX = g.blockX();
    node.blockDimY = g.blockY();
    node.blockDimZ = 1;
    node.kernelParams = arguments.pack(l.arguments());
    return node;
  }

  /// What would be asked of the stream, as a graph, instead of asking it.
  CUgraph capture(Runnable asks) {
    enter();
    int mode = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
    check("cuStreamBeginCapture", cuStreamBeginCapture(stream, mode));
    CUgraph graph = new CUgraph();
    boolean asked = false;
    try {
      asks.run();
      asked = true;
    } finally {
      int result = cuStreamEndCapture(stream, graph);
      if (asked) check("cuStreamEndCapture", result);
    }
    return graph;
  }

  void launch(CUgraphExec graph, String name) {
    check("the launch of " + name, cuGraphLaunch(graph, stream));
  }

  // ---- the card

  static String name(CUdevice device) {
    byte[] name = new byte[256];
    check("cuDeviceGetName", cuDeviceGetName(name, name.length, device));
    int end = 0;
    while (end < name.length && name[end] != 0) end++;
    return new String(name, 0, end, java.nio.charset.StandardCharsets.UTF_8);
  }

  /// Compute capability times 10, 90 for an H100.
  static int capability(CUdevice device) {
    int[] v = {0};
    int major = CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
    check("cuDeviceGetAttribute", cuDeviceGetAttribute(v, major, device));
    int tens = 10 * v[0];
    int minor = CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
    check("cuDeviceGetAttribute", cuDeviceGetAttribute(v, minor, device));
    return tens + v[0];
  }
}
