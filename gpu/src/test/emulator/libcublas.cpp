// The part of cuBLAS that Retort uses, as plain loops: matrices lie column by column, as in the original.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <vector>

namespace {
enum { SUCCESS = 0, INVALID_VALUE = 7, NOT_SUPPORTED = 15 };
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
} // namespace

extern "C" {
int cublasCreate_v2(void** handle) {
  *handle = malloc(1);
  return SUCCESS;
}

int cublasDestroy_v2(void* handle) {
  free(handle);
  return SUCCESS;
}

int cublasGetVersion_v2(void*, int* version) {
  *version = 130000;
  return SUCCESS;
}

int cublasSetStream_v2(void*, void*) { return SUCCESS; }

int cublasGemmEx(
    void*, int ta, int tb, int m, int n, int k, const float* alpha, const void* a, int atype, int lda, const void* b,
    int btype, int ldb, const float* beta, void* c, int ctype, int ldc, int compute, int) {
  if (ctype != REAL_32F || atype != btype || (atype != REAL_32F && atype != REAL_16BF)) return NOT_SUPPORTED;
  if (compute != COMPUTE_32F && (compute != COMPUTE_32F_FAST_TF32 || atype != REAL_32F)) return NOT_SUPPORTED;
  if (lda < (ta ? k : m) || ldb < (tb ? n : k) || ldc < m) return INVALID_VALUE;
  std::vector<float> x = operand(a, atype, lda, ta, m, k), y = operand(b, btype, ldb, tb, k, n), column(m);
  for (int j = 0; j < n; j++) {
    std::fill(column.begin(), column.end(), 0.f);
    for (int q = 0; q < k; q++) {
      float v = y[(size_t)j * k + q];
      const float* xs = &x[(size_t)q * m];
      for (int i = 0; i < m; i++) column[i] += xs[i] * v;
    }
    float* out = (float*)c + (size_t)j * ldc;
    for (int i = 0; i < m; i++) out[i] = *alpha * column[i] + (*beta == 0 ? 0 : *beta * out[i]);
  }
  return SUCCESS;
}

int cublasGemmStridedBatchedEx(
    void* handle, int ta, int tb, int m, int n, int k, const float* alpha, const void* a, int atype, int lda,
    int64_t stridea, const void* b, int btype, int ldb, int64_t strideb, const float* beta, void* c, int ctype, int ldc,
    int64_t stridec, int batch, int compute, int algorithm) {
  size_t sizea = atype == REAL_32F ? 4 : 2, sizeb = btype == REAL_32F ? 4 : 2;
  for (int i = 0; i < batch; i++) {
    int result = cublasGemmEx(
        handle, ta, tb, m, n, k, alpha, (const char*)a + i * stridea * sizea, atype, lda,
        (const char*)b + i * strideb * sizeb, btype, ldb, beta, (float*)c + i * stridec, ctype, ldc, compute,
        algorithm);
    if (result != SUCCESS) return result;
  }
  return SUCCESS;
}
}
