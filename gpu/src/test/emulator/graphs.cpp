// The driver's graphs: captured or built node by node, copied when they are instantiated, as the driver does it.
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "stream.h"

namespace {
struct Node {
  std::function<void()> work;
  std::vector<Node*> after;
  bool kernel;
};

struct Graph {
  std::vector<std::unique_ptr<Node>> nodes;

  Node* add(std::function<void()> work, std::vector<Node*> after, bool kernel) {
    nodes.emplace_back(new Node{std::move(work), std::move(after), kernel});
    return nodes.back().get();
  }

  bool holds(const Node* node) const {
    for (auto& n : nodes) {
      if (n.get() == node) return true;
    }
    return false;
  }

  // Whatever has no dependency left may run; the youngest does, so that one that is missing shows.
  void run() const {
    std::set<const Node*> done;
    while (done.size() < nodes.size()) {
      for (auto n = nodes.rbegin(); n != nodes.rend(); ++n) {
        bool ready = done.count(n->get()) == 0;
        for (Node* before : (*n)->after) ready = ready && done.count(before) == 1;
        if (!ready) continue;
        (*n)->work();
        done.insert(n->get());
        break;
      }
    }
  }
};

struct Executable {
  Graph copy;
  std::map<const Node*, Node*> of; // by the nodes of what was instantiated
};

std::unique_ptr<Executable> copied(const Graph& g) {
  auto e = std::make_unique<Executable>();
  for (auto& n : g.nodes) e->of[n.get()] = e->copy.add(n->work, {}, n->kernel);
  for (auto& n : g.nodes) {
    for (Node* before : n->after) e->of[n.get()]->after.push_back(e->of[before]);
  }
  return e;
}

struct Parameters { // CUDA_KERNEL_NODE_PARAMS
  void* function;
  unsigned gx, gy, gz, bx, by, bz, shared;
  void** arguments;
  void** extra;
};

std::function<void()> gridOf(const Parameters* p) {
  if (p->shared != 0 || p->extra != nullptr) return nullptr;
  return grid(p->function, p->gx, p->gy, p->gz, p->bx, p->by, p->bz, p->arguments);
}

// One stream at a time captures, for one thread, whose calls alone may break it: more is not used.
const int FOR_THIS_THREAD = 1;
void* capturing = nullptr;
std::thread::id capturer;
bool broken;
std::unique_ptr<Graph> captured;

int add(void** node, Graph* g, Node** after, size_t n, std::function<void()> work, bool kernel) {
  std::vector<Node*> before(after, after + n);
  for (Node* b : before) {
    if (!g->holds(b)) return INVALID_VALUE;
  }
  *node = g->add(std::move(work), before, kernel);
  return SUCCESS;
}
} // namespace

int submit(void* stream, std::function<void()> work) {
  if (!captures(stream)) {
    enqueue(stream, std::move(work));
    return SUCCESS;
  }
  if (broken) return CAPTURE_INVALIDATED;
  std::vector<Node*> before;
  if (!captured->nodes.empty()) before.push_back(captured->nodes.back().get());
  captured->add(std::move(work), before, false);
  return SUCCESS;
}

bool captures(void* stream) { return capturing != nullptr && capturing == stream; }

bool breaksCapture() {
  bool breaks = capturing != nullptr && capturer == std::this_thread::get_id();
  if (breaks) broken = true;
  return breaks;
}

extern "C" {
int cuStreamBeginCapture_v2(void* stream, int mode) {
  if (capturing != nullptr) return ILLEGAL_STATE;
  if (mode != FOR_THIS_THREAD) return INVALID_VALUE;
  capturing = stream;
  capturer = std::this_thread::get_id();
  broken = false;
  captured = std::make_unique<Graph>();
  return SUCCESS;
}

int cuStreamEndCapture(void* stream, void** graph) {
  *graph = nullptr;
  if (!captures(stream)) return ILLEGAL_STATE;
  capturing = nullptr;
  if (broken) return CAPTURE_INVALIDATED;
  *graph = captured.release();
  return SUCCESS;
}

int cuGraphCreate(void** graph, unsigned) {
  *graph = new Graph;
  return SUCCESS;
}

int cuGraphAddKernelNode_v2(void** node, Graph* g, Node** after, size_t n, const Parameters* p) {
  auto work = gridOf(p);
  return work ? add(node, g, after, n, work, true) : INVALID_VALUE;
}

int cuGraphAddChildGraphNode(void** node, Graph* g, Node** after, size_t n, Graph* child) {
  std::shared_ptr<Executable> copy = copied(*child);
  return add(node, g, after, n, [copy] { copy->copy.run(); }, false);
}

int cuGraphInstantiateWithFlags(void** executable, Graph* g, unsigned long long) {
  count(__func__);
  *executable = copied(*g).release();
  return SUCCESS;
}

int cuGraphExecKernelNodeSetParams_v2(Executable* e, Node* node, const Parameters* p) {
  count(__func__);
  auto copy = e->of.find(node);
  if (copy == e->of.end() || !copy->second->kernel) return INVALID_VALUE;
  auto work = gridOf(p);
  if (!work) return INVALID_VALUE;
  copy->second->work = work;
  return SUCCESS;
}

// What changes in the graph from now on doesn't touch this start.
int cuGraphLaunch(Executable* e, void* stream) {
  count(__func__);
  std::shared_ptr<Executable> now = copied(e->copy);
  return submit(stream, [now] { now->copy.run(); });
}

int cuGraphExecDestroy(Executable* e) {
  count(__func__);
  delete e;
  return SUCCESS;
}

int cuGraphDestroy(Graph* g) {
  delete g;
  return SUCCESS;
}
}
