// The driver's streams and events. At a test's wish a work runs as late as the driver may let it: when the host, or
// another stream, waits for it or for one after it in its stream. What was handed over without waiting for what it
// needs then finds the wrong numbers.
#include <deque>

#include "stream.h"

namespace {
struct Stream {
  std::deque<std::function<void()>> waiting;
  long asked = 0, done = 0;

  void runTo(long count) {
    while (done < count) {
      auto work = std::move(waiting.front());
      waiting.pop_front();
      work();
      done++;
    }
  }
};

// What its stream had been asked when it was recorded.
struct Event {
  Stream* stream = nullptr;
  long asked = 0;

  bool isDone() const { return stream == nullptr || stream->done >= asked; }

  void await() const {
    if (stream != nullptr) stream->runTo(asked);
  }
};

bool late = false;
} // namespace

void enqueue(void* handle, std::function<void()> work) {
  auto stream = (Stream*)handle;
  stream->waiting.push_back(std::move(work));
  stream->asked++;
  if (!late) stream->runTo(stream->asked);
}

extern "C" {
// For the tests: whether works run as late as they may, or at once.
void emulatorLate(int wanted) { late = wanted; }

int cuStreamCreate(Stream** stream, unsigned) {
  if (!hasContext()) return INVALID_CONTEXT;
  *stream = new Stream;
  return SUCCESS;
}

int cuStreamSynchronize(Stream* stream) {
  if (breaksCapture()) return CAPTURE_UNSUPPORTED;
  if (!hasContext()) return INVALID_CONTEXT;
  stream->runTo(stream->asked);
  return SUCCESS;
}

// The event as it is now; that it may be recorded again doesn't matter.
int cuStreamWaitEvent(Stream* stream, const Event* event, unsigned) {
  return submit(stream, [now = *event] { now.await(); });
}

int cuEventCreate(Event** event, unsigned) {
  *event = new Event;
  return SUCCESS;
}

int cuEventRecord(Event* event, Stream* stream) {
  *event = {stream, stream->asked};
  return SUCCESS;
}

int cuEventQuery(const Event* event) { return event->isDone() ? SUCCESS : NOT_READY; }

int cuEventSynchronize(const Event* event) {
  event->await();
  return SUCCESS;
}
}
