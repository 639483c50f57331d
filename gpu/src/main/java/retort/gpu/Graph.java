package retort.gpu;

import static jcuda.driver.JCudaDriver.*;

import java.util.List;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import retort.gpu.Work.Launch;
import retort.gpu.Work.Multiplication;

/// A batch of work as the driver keeps it: one node a work, each after the one before, all started
/// by one call.
///
/// Kernels are nodes of their own, so that their arguments can be set anew. A product is a graph
/// inside the graph, captured from the calls of cuBLAS; that has memory of ours to work in, as what
/// it would take by itself couldn't be part of a graph.
final class Graph {
  private final Driver driver;
  private final CUgraph graph = new CUgraph();
  private final CUgraphExec executable = new CUgraphExec();
  private final CUgraphNode[] nodes;
  private final Work[] recorded; // as the nodes have it now

  Graph(Driver driver, Cublas blas, List<Work> works) {
    this.driver = driver;
    nodes = new CUgraphNode[works.size()];
    recorded = works.toArray(Work[]::new);
    driver.enter();
    Driver.check("cuGraphCreate", cuGraphCreate(graph, 0));
    boolean whole = false;
    try {
      for (int i = 0; i < nodes.length; i++) nodes[i] = add(recorded[i], i, blas);
      Driver.check("instantiating " + name(), cuGraphInstantiate(executable, graph, 0));
      whole = true;
    } finally {
      if (!whole) cuGraphDestroy(graph);
    }
  }

  private CUgraphNode add(Work work, int i, Cublas blas) {
    CUgraphNode node = new CUgraphNode();
    CUgraphNode[] before = i == 0 ? new CUgraphNode[0] : new CUgraphNode[] {nodes[i - 1]};
    String what = "adding " + work.name() + " to a graph";
    switch (work) {
      case Launch l ->
          Driver.check(
              what, cuGraphAddKernelNode(node, graph, before, before.length, driver.node(l)));
      case Multiplication m -> {
        CUgraph product = driver.capture(() -> blas.multiply(m));
        int result = cuGraphAddChildGraphNode(node, graph, before, before.length, product);
        cuGraphDestroy(product); // the node has a copy
        Driver.check(what, result);
      }
    }
    return node;
  }

  /// Starts a batch of the form that was recorded.
  void start(List<Work> batch) {
    driver.enter();
    for (int i = 0; i < nodes.length; i++) {
      if (!(batch.get(i) instanceof Launch now)) continue;
      if (now.hasArgumentsOf((Launch) recorded[i])) continue;
      Driver.check(
          "setting the arguments of " + now.name() + " in a graph",
          cuGraphExecKernelNodeSetParams(executable, nodes[i], driver.node(now)));
      recorded[i] = now;
    }
    driver.launch(executable, name());
  }

  private String name() {
    return "a graph of "
        + recorded.length
        + " works from "
        + recorded[0].name()
        + " to "
        + recorded[recorded.length - 1].name();
  }

  /// What is under way of it still comes to its end.
  void destroy() {
    driver.enter();
    Driver.check("cuGraphExecDestroy", cuGraphExecDestroy(executable));
    Driver.check("cuGraphDestroy", cuGraphDestroy(graph));
  }
}
