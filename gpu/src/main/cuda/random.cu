// Philox 4x32-10 and what is drawn with it, to the bits of the CPU device: a thread draws a block of four.
#include "common.cuh"

typedef unsigned long long Key;

struct Words {
  unsigned w[4];
};

__device__ inline Words philox(Key seed, Key stream, unsigned block) {
  unsigned c0 = block, c1 = 0, c2 = (unsigned)stream, c3 = (unsigned)(stream >> 32);
  unsigned k0 = (unsigned)seed, k1 = (unsigned)(seed >> 32);
  for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
    unsigned long long p0 = 0xD2511F53ull * c0, p1 = 0xCD9E8D57ull * c2;
    c0 = (unsigned)(p1 >> 32) ^ c1 ^ k0;
    c2 = (unsigned)(p0 >> 32) ^ c3 ^ k1;
    c1 = (unsigned)p1;
    c3 = (unsigned)p0;
  }
  return {{c0, c1, c2, c3}};
}

extern "C" __global__ void uniform(Key seed, Key stream, unsigned n, float* y) {
  unsigned block = place();
  if (block > (n - 1) / 4) return;
  Words words = philox(seed, stream, block);
  // The upper 24 bits, which a float holds exactly: 1 is never reached.
  for (unsigned j = 0; j < 4 && 4 * block + j < n; j++) y[4 * block + j] = (words.w[j] >> 8) * 0x1p-24f;
}

// sqrt(-2 ln u), u = (word + 1) / 2^32. The logarithm of a number near 1 is taken from what it lacks of 1; its series
// is artanh(t) / t - 1 in t^2.
__device__ inline float radius(int word) {
  bool near = word < 0; // u above 1/2
  float lacks = ~word * 0x1p-32f;
  float u = near ? 1 - lacks : ((float)word + 1) * 0x1p-32f;
  int e = (__float_as_int(u) - 0x3f3504f3) >> 23; // u = 2^e m, m from sqrt(1/2) to sqrt 2
  float scale = __int_as_float((127 - e) << 23);
  float f = near && e == 0 ? -lacks : fmaf(u, scale, -1);
  float t = f / (2 + f), s = t * t;
  float p = fmaf(fmaf(fmaf(0.11791786f, s, 0.14268619f), s, 0.20000169f), s, 0.3333333f);
  float ln = fmaf((float)e, 0.6931472f, 2 * fmaf(p * s, t, t));
  return sqrtf(-2 * ln);
}

// The pair of normals of two words, by the method of Box and Muller; angles are reduced as whole words.
__device__ inline void normalPair(unsigned a, unsigned b, float* y) {
  float r = radius((int)a);
  unsigned quarters = (b + (1u << 29)) >> 30; // to the nearest quarter turn
  float angle = (int)(b - (quarters << 30)) * 1.4629181e-9f, s = angle * angle; // 2 pi / 2^32
  float sine = fmaf(fmaf(fmaf(2.7182744e-6f, s, -0.00019839331f), s, 0.0083333293f), s, -0.16666667f);
  sine = fmaf(sine * s, angle, angle);
  float cosine = fmaf(fmaf(fmaf(fmaf(2.439004e-5f, s, -0.001388676f), s, 0.041666623f), s, -0.5f), s, 1);
  bool across = (quarters & 1) != 0;
  float x = across ? sine : cosine, z = across ? cosine : sine;
  y[0] = r * (quarters == 1 || quarters == 2 ? -x : x);
  y[1] = r * (quarters >= 2 ? -z : z);
}

extern "C" __global__ void normal(Key seed, Key stream, unsigned n, float* y) {
  unsigned block = place();
  if (block > (n - 1) / 4) return;
  Words words = philox(seed, stream, block);
  float v[4];
  normalPair(words.w[0], words.w[1], v);
  normalPair(words.w[2], words.w[3], v + 2);
  for (unsigned j = 0; j < 4 && 4 * block + j < n; j++) y[4 * block + j] = v[j];
}

// A word below the threshold drops its number; what is dropped may be infinite.
extern "C" __global__ void dropout(
    Key seed, Key stream, unsigned long long threshold, float scale, unsigned n, const float* x, Slot y) {
  unsigned block = place();
  if (block > (n - 1) / 4) return;
  Words words = philox(seed, stream, block);
  for (unsigned j = 0, i = 4 * block; j < 4 && i < n; j++, i++) {
    y.land(i, words.w[j] >= threshold ? x[i] * scale : 0);
  }
}
