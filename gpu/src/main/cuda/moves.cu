// Filling, copying, gathering.
#include "common.cuh"

extern "C" __global__ void fill(float value, unsigned n, float* y) {
  unsigned i = place();
  if (i < n) y[i] = value;
}

extern "C" __global__ void axpby(float alpha, float beta, unsigned n, const float* x, float* y) {
  unsigned i = place();
  if (i < n) y[i] = beta == 0 ? alpha * x[i] : alpha * x[i] + beta * y[i];
}

// Numbers of four bytes, of whatever kind, from where an upload left them.
extern "C" __global__ void land(unsigned n, const unsigned* from, unsigned* to) {
  unsigned i = place();
  if (i < n) to[i] = from[i];
}

// From the walk's first operand to its second.
extern "C" __global__ void move(unsigned n, Walk w, const float* x, Slot y) {
  unsigned i = place();
  if (i >= n) return;
  Offsets o = offsets(w, i);
  y.land(o.b, x[o.a]);
}

// A move that sums: `rest` walks the axes that the destination lacks.
extern "C" __global__ void moveParts(
    unsigned count, unsigned n, Walk own, Walk rest, const float* x, double* partial) {
  foldParts<Sum, 1>(count, n, partial, [&](unsigned d, unsigned r, double* sum) {
    sum[0] += x[offsets(own, d).a + offsets(rest, r).a];
  });
}

extern "C" __global__ void moveEnd(unsigned count, unsigned parts, const double* partial, Walk own, Slot y) {
  unsigned d = place();
  if (d < count) y.land(offsets(own, d).b, (float)whole<Sum, 1>(partial, parts, count, 0, d));
}

extern "C" __global__ void gather(unsigned n, unsigned width, const int* index, const float* x, float* y) {
  unsigned i = place();
  if (i < n) y[i] = x[index[i / width] * width + i % width];
}

// Row r of dx that is hit at all is row[r]; the rows of dy that hit it are source[from[r]] to source[from[r + 1] - 1],
// in their order.
extern "C" __global__ void scatterAdd(
    unsigned n, unsigned width, const int* row, const int* from, const int* source, const float* dy, float* dx) {
  unsigned i = place();
  if (i >= n) return;
  unsigned r = i / width, j = i % width;
  double sum = dx[row[r] * width + j];
  for (int s = from[r]; s < from[r + 1]; s++) sum += dy[source[s] * width + j];
  dx[row[r] * width + j] = (float)sum;
}
