#pragma once
#include <functional>

struct Kernel {
  const char* name;
  std::function<void()> (*bind)(void** arguments); // a thread's work, with copies of the arguments
};

// Null where there is none.
const Kernel* kernelNamed(const char* name);
