#pragma once

struct Kernel {
  const char* name;
  void (*run)(void** arguments); // one thread
};

// Null where there is none.
const Kernel* kernelNamed(const char* name);
