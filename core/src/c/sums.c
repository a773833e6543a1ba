/* Sums over rows, in a tree that depends on their number alone. */
#define ABREAST(name, number) \
KERNEL void name(ROWS rows, ROWS columns, const number *x, double *sums) \
{ \
  ROWS leaves = (rows + 1023) / 1024; \
  for (ROWS i = FIRST; i < columns * leaves * 8; i += STEP) { \
    ROWS column = i / (leaves * 8), leaf = i / 8 % leaves; \
    ROWS end = leaf * 1024 + 1024 < rows ? leaf * 1024 + 1024 : rows; \
    double sum = 0.0; \
    for (ROWS row = leaf * 1024 + i % 8; row < end; row += 8) sum = sum + (double)x[column * rows + row]; \
    sums[i] = sum; \
  } \
}
ABREAST(sums_abreast, double)
ABREAST(sums_abreast_single, float)

KERNEL void sums_leaves(ROWS leaves, ROWS columns, const double *sums, double *out)
{
  for (ROWS i = FIRST; i < columns * leaves; i += STEP) {
    const double *s = sums + 8 * i;
    out[i] = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
  }
}

KERNEL void sums_pairs(ROWS leaves, ROWS columns, const double *x, double *out)
{
  ROWS pairs = (leaves + 1) / 2;
  for (ROWS i = FIRST; i < columns * pairs; i += STEP) {
    const double *left = x + i / pairs * leaves + 2 * (i % pairs);
    out[i] = 2 * (i % pairs) + 1 < leaves ? left[0] + left[1] : left[0];
  }
}
