// The part of cuBLAS that Retort uses, as plain loops: matrices lie column by column, as in the original.
#include <stdint.h>
#include <string.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace {
enum { SUCCESS = 0, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum { REAL_32F = 0, REAL_16BF = 14, COMPUTE_32F = 68, COMPUTE_32F_FAST_TF32 = 77 };

float number(const void* a, int type, size_t i) {
  if (type == REAL_32F) return ((const float*)a)[i];
  uint32_t bits = (uint32_t)((const uint16_t*)a)[i] << 16;
  float v;
  memcpy(&v, &bits, sizeof v);
  return v;
}

// op(a) as it lies, rows x cols, column by column.
std::vector<float> operand(const void* a, int type, int ld, bool transposed, int rows, int cols) {
  std::vector<float> out((size_t)rows * cols);
  for (int j = 0; j < cols; j++) {
    for (int i = 0; i < rows; i++) {
      out[(size_t)j * rows + i] = number(a, type, transposed ? (size_t)i * ld + j : (size_t)j * ld + i);
    }
  }
  return out;
}
void product(
    bool ta, bool tb, int m, int n, int k, float alpha, const void* a, int type, int lda, const void* b, int ldb,
    float beta, float* c, int ldc) {
  std::vector<float> x = operand(a, type, lda, ta, m, k), y = operand(b, type, ldb, tb, k, n), column(m);
  for (int j = 0; j < n; j++) {
    std::fill(column.begin(), column.end(), 0.f);
    for (int q = 0; q < k; q++) {
      float v = y[(size_t)j * k + q];
      const float* xs = &x[(size_t)q * m];
      for (int i = 0; i < m; i++) column[i] += xs[i] * v;
    }
    float* out = c + (size_t)j * ldc;
    for (int i = 0; i < m; i++) out[i] = alpha * column[i] + (beta == 0 ? 0 : beta * out[i]);
  }
}

struct Handle {
  void* stream = nullptr;
  bool hasWorkspace = false;
};
} // namespace

extern "C" {
int emulatorSubmit(void* stream, const std::function<void()>* work); // of libcuda
int emulatorCaptures(void* stream);

int cublasCreate_v2(Handle** handle) {
  *handle = new Handle;
  return SUCCESS;
}

int cublasGetVersion_v2(Handle*, int* version) {
  *version = 130000;
  return SUCCESS;
}

// Another stream means the library's own workspace again.
int cublasSetStream_v2(Handle* handle, void* stream) {
  *handle = {stream, false};
  return SUCCESS;
}

int cublasSetWorkspace_v2(Handle* handle, void* workspace, size_t) {
  if ((uintptr_t)workspace % 256 != 0) return INVALID_VALUE;
  handle->hasWorkspace = workspace != nullptr;
  return SUCCESS;
}

int cublasGemmStridedBatchedEx(
    Handle* handle, int ta, int tb, int m, int n, int k, const float* alpha, const void* a, int atype, int lda,
    int64_t stridea, const void* b, int btype, int ldb, int64_t strideb, const float* beta, void* c, int ctype, int ldc,
    int64_t stridec, int batch, int compute, int) {
  if (ctype != REAL_32F || atype != btype || (atype != REAL_32F && atype != REAL_16BF)) return NOT_SUPPORTED;
  if (compute != COMPUTE_32F && (compute != COMPUTE_32F_FAST_TF32 || atype != REAL_32F)) return NOT_SUPPORTED;
  if (lda < (ta ? k : m) || ldb < (tb ? n : k) || ldc < m) return INVALID_VALUE;
  // Its own workspace would be allocated within the graph, and such a graph can't be a part of another.
  if (emulatorCaptures(handle->stream) && !handle->hasWorkspace) return NOT_SUPPORTED;
  size_t size = atype == REAL_32F ? 4 : 2;
  float by = *alpha, keep = *beta; // numbers of the host are read now
  std::function<void()> work = [=] {
    for (int i = 0; i < batch; i++) {
      const char *x = (const char*)a + i * stridea * size, *y = (const char*)b + i * strideb * size;
      product(ta, tb, m, n, k, by, x, atype, lda, y, ldb, keep, (float*)c + i * stridec, ldc);
    }
  };
  return emulatorSubmit(handle->stream, &work) == 0 ? SUCCESS : EXECUTION_FAILED;
}

int cublasGemmEx(
    Handle* handle, int ta, int tb, int m, int n, int k, const float* alpha, const void* a, int atype, int lda,
    const void* b, int btype, int ldb, const float* beta, void* c, int ctype, int ldc, int compute, int algorithm) {
  return cublasGemmStridedBatchedEx(
      handle, ta, tb, m, n, k, alpha, a, atype, lda, 0, b, btype, ldb, 0, beta, c, ctype, ldc, 0, 1, compute,
      algorithm);
}
}
