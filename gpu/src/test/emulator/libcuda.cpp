// The part of the CUDA driver's interface that Retort uses, on the processor: memory is the heap.
// What a driver would refuse is refused with the driver's own codes.
#include <stdio.h>
#include <stdlib.h>

#include <iterator>
#include <map>
#include <mutex>
#include <string>

#include "cuda_as_cpp.h"
#include "grid.h"
#include "kernels.h"
#include "stream.h"

namespace {

const int VERSION = 13000;
const size_t TOTAL = (size_t)8 << 30;
size_t room = TOTAL;
int era = 0; // counts how often the room was set

struct Block {
  size_t bytes;
  int era;
};
std::map<void*, Block> blocks;
thread_local void* context = nullptr;
int primary; // its address stands for the context
std::map<std::string, long> calls;

// What nobody holds any more is given back by another thread.
std::mutex shared;
typedef std::lock_guard<std::mutex> Lock;
} // namespace

void count(const char* function) {
  Lock lock(shared);
  calls[function]++;
}

extern "C" {
// For the tests: how often a function was called, of those that are counted; `kernel` is a kernel that has run.
long emulatorCalls(const char* function) {
  Lock lock(shared);
  return calls[function];
}

// For the libraries beside this one.
int emulatorSubmit(void* stream, const std::function<void()>* work) { return submit(stream, *work); }

int emulatorCaptures(void* stream) { return captures(stream); }

// For the tests: how many more bytes the card gives from now on. What was given before doesn't count, whenever it comes back.
void emulatorRoom(size_t bytes) {
  Lock lock(shared);
  room = bytes;
  era++;
}

int cuInit(unsigned) { return SUCCESS; }

int cuDriverGetVersion(int* v) {
  *v = VERSION;
  return SUCCESS;
}

int cuDeviceGetCount(int* n) {
  *n = 1;
  return SUCCESS;
}

int cuDeviceGet(int* device, int i) {
  *device = i;
  return i == 0 ? SUCCESS : 101;
}

int cuDeviceGetName(char* name, int length, int) {
  snprintf(name, length, "emulated card");
  return SUCCESS;
}

int cuDeviceGetAttribute(int* v, int attribute, int) {
  *v = attribute == 75 ? 9 : 0; // compute capability 9.0
  return SUCCESS;
}

int cuDeviceTotalMem_v2(size_t* bytes, int) {
  *bytes = TOTAL;
  return SUCCESS;
}

int cuMemGetInfo_v2(size_t* unused, size_t* total) {
  *unused = room;
  *total = TOTAL;
  return SUCCESS;
}

int cuDevicePrimaryCtxRetain(void** c, int) {
  *c = &primary;
  return SUCCESS;
}

int cuCtxSetCurrent(void* c) {
  context = c;
  return SUCCESS;
}

// Memory comes full of NaN.
int cuMemAlloc_v2(void** p, size_t bytes) {
  if (context == nullptr) return INVALID_CONTEXT;
  if (breaksCapture()) return CAPTURE_UNSUPPORTED;
  if (bytes == 0) return INVALID_VALUE;
  Lock lock(shared);
  if (bytes > room) return OUT_OF_MEMORY;
  *p = aligned_alloc(256, (bytes + 255) / 256 * 256);
  memset(*p, 0xff, bytes);
  blocks[*p] = {bytes, era};
  room -= bytes;
  return SUCCESS;
}

int cuMemFree_v2(void* p) {
  if (breaksCapture()) return CAPTURE_UNSUPPORTED;
  Lock lock(shared);
  auto block = blocks.find(p);
  if (block == blocks.end()) return INVALID_VALUE;
  if (block->second.era == era) room += block->second.bytes;
  blocks.erase(block);
  free(p);
  return SUCCESS;
}

int cuMemAllocHost_v2(void** p, size_t bytes) {
  *p = malloc(bytes);
  return SUCCESS;
}

static bool within(void* p, size_t bytes) {
  Lock lock(shared);
  auto after = blocks.upper_bound(p);
  if (after == blocks.begin()) return false;
  auto block = std::prev(after);
  return (char*)p + bytes <= (char*)block->first + block->second.bytes;
}

int cuMemcpyHtoDAsync_v2(void* to, const void* from, size_t bytes, void* stream) {
  if (!within(to, bytes)) return INVALID_VALUE;
  return submit(stream, [=] { memcpy(to, from, bytes); });
}

int cuMemcpyDtoHAsync_v2(void* to, void* from, size_t bytes, void* stream) {
  if (!within(from, bytes)) return INVALID_VALUE;
  return submit(stream, [=] { memcpy(to, from, bytes); });
}

int cuModuleLoadData(void** module, const void* image) {
  auto text = new std::string((const char*)image);
  if (text->find(".version") == std::string::npos) return INVALID_IMAGE;
  *module = text;
  return SUCCESS;
}

// A kernel must be in the PTX that was loaded, and is then run from its source.
int cuModuleGetFunction(void** function, void* module, const char* name) {
  auto entry = std::string(".entry ") + name + "(";
  if (((std::string*)module)->find(entry) == std::string::npos) return NOT_FOUND;
  const Kernel* kernel = kernelNamed(name);
  if (kernel == nullptr) return NOT_FOUND;
  *function = (void*)kernel;
  return SUCCESS;
}

int cuLaunchKernel(
    void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned,
    void* stream, void** arguments, void**) {
  count(__func__);
  if (context == nullptr) return INVALID_CONTEXT;
  auto work = grid(function, gx, gy, gz, bx, by, bz, arguments);
  return work ? submit(stream, work) : INVALID_VALUE;
}
}

bool hasContext() { return context != nullptr; }

std::function<void()> grid(
    void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, void** arguments) {
  if (gx == 0 || gy == 0 || gz == 0 || gy > 65535 || gz > 65535) return nullptr;
  if (bx * by * bz == 0 || bx * by * bz > 1024) return nullptr;
  auto thread = ((const Kernel*)function)->bind(arguments);
  return [=] {
    count("kernel");
    runGrid({gx, gy, gz}, {bx, by, bz}, thread);
  };
}
