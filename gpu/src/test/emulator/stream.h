// Streams: what is handed to one runs at once, or as late as the driver may, or becomes a node of a graph while the stream
// captures.
#pragma once
#include <functional>

enum Result {
  SUCCESS = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  ILLEGAL_STATE = 401,
  NOT_FOUND = 500,
  NOT_READY = 600,
  CAPTURE_UNSUPPORTED = 900,
  CAPTURE_INVALIDATED = 901
};

int submit(void* stream, std::function<void()> work);

// For a stream that doesn't capture.
void enqueue(void* stream, std::function<void()> work);

bool captures(void* stream);

// Whether this thread captures. A call that isn't allowed then ends the capture.
bool breaksCapture();

// The kernel with its arguments, which are copied, on a grid; empty where the driver would refuse it.
std::function<void()> grid(
    void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, void** arguments);

// Whether this thread may ask the card for anything.
bool hasContext();

// Counts a call of one of the driver's functions, for the tests.
void count(const char* function);
