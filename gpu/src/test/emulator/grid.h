#pragma once
#include <functional>

struct Extent {
  unsigned x, y, z;
};

// Runs a kernel once for every thread of every block.
void runGrid(Extent grid, Extent block, const std::function<void()>& kernel);
