/* Written by scheme-core. Compile without contraction: --fmad=false or -ffp-contract=off. */
typedef unsigned long long BITS;
typedef long long ROWS;
/* A number in two parts. */
typedef struct { double high, low; } DOUBLE;
#ifdef __CUDACC__
#define FUNCTION static __device__
#define TABLE static __device__ const
#define KERNEL extern "C" __global__
#define FIRST ((ROWS)blockIdx.x * blockDim.x + threadIdx.x)
#define STEP ((ROWS)gridDim.x * blockDim.x)
FUNCTION BITS sg_bits(double x) { return (BITS)__double_as_longlong(x); }
FUNCTION double sg_number(BITS b) { return __longlong_as_double((long long)b); }
#else
#include <math.h>
#include <string.h>
#define FUNCTION static
#define TABLE static const
#define KERNEL
#define FIRST 0
#define STEP 1
FUNCTION BITS sg_bits(double x) { BITS b; memcpy(&b, &x, 8); return b; }
FUNCTION double sg_number(BITS b) { double x; memcpy(&x, &b, 8); return x; }
#endif
FUNCTION DOUBLE sg_double(double high, double low) { DOUBLE x; x.high = high; x.low = low; return x; }
