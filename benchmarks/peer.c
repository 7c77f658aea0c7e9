/* The work of one row of the table as a plain C program: N examples, batches of BATCH, WELLS Gaussian wells or, with
   WELLS 0, a straight line.  Every particle shuffles its own examples for every epoch (Fisher and Yates).  Blocks of
   LANES particles go to the threads of OpenMP; compilers vectorize the loops over lanes. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LANES 128
#define FULL (BATCH >= N)
#if N <= 256
typedef uint8_t number;
#else
typedef uint16_t number;
#endif

static void shuffle(number order[][LANES], uint64_t *state)
{
    for (int group = 0; group < LANES; group += 4) {
        uint64_t s[4];
        memcpy(s, state + group, sizeof s);
        for (int i = N - 1; i > 0; i--)
            for (int k = 0; k < 4; k++) {
                s[k] ^= s[k] << 13;
                s[k] ^= s[k] >> 7;
                s[k] ^= s[k] << 17;
                int j = (int)((s[k] >> 32) * (uint64_t)(i + 1) >> 32);
                number kept = order[i][group + k];
                order[i][group + k] = order[j][group + k];
                order[j][group + k] = kept;
            }
        memcpy(state + group, s, sizeof s);
    }
}

static inline void gradient(float x, float y, const float *restrict columns, int e, const float *restrict terms,
                            float *gx, float *gy)
{
#if WELLS
    float u = x - columns[e], v = y - columns[N + e], bowl = 0, sx = 0, sy = 0;
    for (int w = 0; w < WELLS; w++) {
        const float *t = terms + 5 * w;
        float du = u - t[0], dv = v - t[1];
        float pull = 2 * t[3] * t[2] * expf(-t[3] * (du * du + dv * dv));
        sx += pull * du;
        sy += pull * dv;
        bowl += t[4];
    }
    *gx += sx + bowl * u + columns[2 * N + e];
    *gy += sy + bowl * v + columns[3 * N + e];
#else
    float input = columns[e], residual = x * input + y - columns[N + e];
    *gx += residual * input;
    *gy += residual;
#endif
}

static void block(float *x, float *y, int lanes, const float *restrict columns, const float *restrict terms,
                  int64_t epochs, float lr, float momentum, uint64_t seed)
{
    static _Thread_local number order[N][LANES];
    float px[LANES] = {0}, py[LANES] = {0}, bx[LANES] = {0}, by[LANES] = {0}, gx[LANES], gy[LANES];
    uint64_t state[LANES];
    memcpy(px, x, lanes * sizeof *x);
    memcpy(py, y, lanes * sizeof *y);
    for (int l = 0; l < LANES; l++)
        state[l] = (seed + l + 1) * 0x9E3779B97F4A7C15u;
    for (int i = 0; i < N; i++)
        for (int l = 0; l < LANES; l++)
            order[i][l] = (number)i;
    for (int64_t epoch = 0; epoch < epochs; epoch++) {
        if (!FULL)
            shuffle(order, state);
        for (int first = 0; first < N; first += BATCH) {
            int last = first + BATCH < N ? first + BATCH : N;
            float share = 1.0f / (last - first);
            memset(gx, 0, sizeof gx);
            memset(gy, 0, sizeof gy);
            for (int slot = first; slot < last; slot++)
#pragma omp simd
                for (int l = 0; l < LANES; l++)
                    gradient(px[l], py[l], columns, FULL ? slot : order[slot][l], terms, gx + l, gy + l);
#pragma omp simd
            for (int l = 0; l < LANES; l++) {
                bx[l] = momentum * bx[l] + share * gx[l];
                by[l] = momentum * by[l] + share * gy[l];
                px[l] -= lr * bx[l];
                py[l] -= lr * by[l];
            }
        }
    }
    memcpy(x, px, lanes * sizeof *x);
    memcpy(y, py, lanes * sizeof *y);
}

/* theta: all x, then all y. */
void run(float *theta, const float *columns, const float *terms, int64_t particles, int64_t epochs, int threads,
         float lr, float momentum, uint64_t seed)
{
#pragma omp parallel for schedule(static) num_threads(threads)
    for (int64_t first = 0; first < particles; first += LANES) {
        int lanes = particles - first < LANES ? (int)(particles - first) : LANES;
        block(theta + first, theta + particles + first, lanes, columns, terms, epochs, lr, momentum, (seed << 32) + first);
    }
}
