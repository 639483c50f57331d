// Runs a grid of blocks, one block after another.
//
// The threads of a block are taken one after another too, on one stack, so that a kernel without barriers is a plain
// loop. Where a thread waits at a barrier its stack is left as it is, and another stack takes the next threads; when
// all wait, they go on. At every second barrier they go on in the opposite order: a kernel that lacks a barrier then
// reads what has not been written, or has been written over.
#include "grid.h"

#include <setjmp.h>
#include <ucontext.h>

#include <memory>
#include <vector>

#include "cuda_as_cpp.h"

dim3 threadIdx, blockIdx, blockDim, gridDim;

namespace {
const size_t STACK = 64 << 10;

struct Fiber {
  ucontext_t entry;
  jmp_buf place;
  bool begun = false;
  dim3 thread;
  std::unique_ptr<char[]> stack{new char[STACK]};
};

jmp_buf scheduler;
ucontext_t schedulerEntry;
std::vector<std::unique_ptr<Fiber>> fibers;
std::vector<Fiber*> idle, waiting;
Fiber* current;
const std::function<void()>* body;
unsigned taken, threads;

__attribute__((noinline)) void leave() {
  if (_setjmp(current->place) == 0) _longjmp(scheduler, 1);
}

void live() {
  for (;;) {
    while (taken < threads) {
      unsigned t = taken++;
      threadIdx = {t % blockDim.x, t / blockDim.x % blockDim.y, t / blockDim.x / blockDim.y};
      (*body)();
    }
    idle.push_back(current);
    leave();
  }
}

__attribute__((noinline)) void resume(Fiber* f) {
  current = f;
  if (_setjmp(scheduler) != 0) return;
  if (f->begun) _longjmp(f->place, 1);
  f->begun = true;
  getcontext(&f->entry);
  f->entry.uc_stack.ss_sp = f->stack.get();
  f->entry.uc_stack.ss_size = STACK;
  f->entry.uc_link = nullptr;
  makecontext(&f->entry, live, 0);
  swapcontext(&schedulerEntry, &f->entry);
}

Fiber* fresh() {
  if (idle.empty()) {
    fibers.emplace_back(new Fiber);
    return fibers.back().get();
  }
  Fiber* f = idle.back();
  idle.pop_back();
  return f;
}

void runBlock() {
  taken = 0;
  while (taken < threads) resume(fresh());
  for (bool backwards = true; !waiting.empty(); backwards = !backwards) {
    std::vector<Fiber*> ready;
    ready.swap(waiting);
    if (backwards) std::reverse(ready.begin(), ready.end());
    for (Fiber* f : ready) resume(f);
  }
}
} // namespace

void __syncthreads() {
  Fiber* self = current;
  self->thread = threadIdx;
  waiting.push_back(self);
  leave();
  threadIdx = self->thread;
}

void runGrid(Extent grid, Extent block, const std::function<void()>& kernel) {
  gridDim = {grid.x, grid.y, grid.z};
  blockDim = {block.x, block.y, block.z};
  threads = block.x * block.y * block.z;
  body = &kernel;
  for (unsigned z = 0; z < grid.z; z++) {
    for (unsigned y = 0; y < grid.y; y++) {
      for (unsigned x = 0; x < grid.x; x++) {
        blockIdx = {x, y, z};
        runBlock();
      }
    }
  }
}
