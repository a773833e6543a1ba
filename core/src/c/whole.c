/* The exponent of the greatest power of two that is no greater than the size of a number; 0 for 0 and for what is not
   finite: prim/whole/scaled.rs, as is what follows. */
FUNCTION int sg_binade(NUMBER x)
{
  BITS bits = sg_bits(fabs((double)x));
  if (bits == 0 || bits >> 52 == 0x7ff) return 0;
  if (bits >> 52 == 0) return (int)(sg_bits(sg_number(bits) * 18446744073709551616.0) >> 52) - (1023 + 64);
  return (int)(bits >> 52) - 1023;
}

FUNCTION NUMBER sg_size(NUMBER x)
{
  return (NUMBER)fabs((double)x);
}

FUNCTION int sg_greatest(int n, const NUMBER *x)
{
  NUMBER most = 0;
  for (int i = 0; i < n; i += 1) if (most < sg_size(x[i])) most = sg_size(x[i]);
  return sg_binade(most);
}

FUNCTION NUMBER sg_shift(NUMBER x, int exponent)
{
  int left = exponent < 0 ? -exponent : exponent;
  while (left > 0 && x != 0 && x - x == 0) {
    int step = left < 64 ? left : 64;
    x = x * (NUMBER)sg_number((BITS)(1023 + (exponent < 0 ? -step : step)) << 52);
    left -= step;
  }
  return x;
}

/* A number with an exponent of its own. */
typedef struct { NUMBER part; int exponent; } SCALED;
FUNCTION SCALED sg_scaled(NUMBER part, int exponent) { SCALED x; x.part = part; x.exponent = exponent; return x; }

FUNCTION SCALED sg_times(SCALED a, NUMBER x)
{
  int by = sg_binade(x);
  NUMBER part = a.part * sg_shift(x, -by);
  int more = sg_binade(part);
  return sg_scaled(sg_shift(part, -more), a.exponent + by + more);
}

FUNCTION void sg_fill(int count, NUMBER x, NUMBER *y)
{
  for (int i = 0; i < count; i += 1) y[i] = x;
}

FUNCTION int sg_has_nan(int count, const NUMBER *x)
{
  for (int i = 0; i < count; i += 1) if (x[i] != x[i]) return 1;
  return 0;
}

/* Of numbers in rows of n: row i less factor times row k. */
FUNCTION void sg_subtract(int n, NUMBER *items, int i, NUMBER factor, int k)
{
  for (int j = 0; j < n; j += 1) items[i * n + j] = items[i * n + j] - factor * items[k * n + j];
}

FUNCTION void sg_exchange(int count, NUMBER *x, NUMBER *y, int step)
{
  for (int i = 0; i < count * step; i += step) {
    NUMBER other = x[i];
    x[i] = y[i];
    y[i] = other;
  }
}

/* A matrix with right sides, or those of the identity, in triangular form; 0 if it is singular: prim/whole/elimination.rs,
   as is what follows. */
FUNCTION int sg_eliminate(int n, int columns, const NUMBER *a, const NUMBER *right, NUMBER *items, SCALED *det)
{
  int width = n + columns;
  NUMBER last = 1;
  *det = sg_scaled(1, 0);
  for (int i = 0; i < n; i += 1) {
    int scale = sg_greatest(n, a + i * n);
    det->exponent += scale;
    for (int j = 0; j < n; j += 1) items[i * width + j] = sg_shift(a[i * n + j], -scale);
    for (int j = 0; j < columns; j += 1)
      items[i * width + n + j] = sg_shift(right ? right[i * columns + j] : (NUMBER)(i == j), -scale);
  }
  for (int k = 0; k < n; k += 1) {
    int chosen = k;
    for (int i = k + 1; i < n; i += 1)
      if (sg_size(items[chosen * width + k]) < sg_size(items[i * width + k])) chosen = i;
    if (chosen != k) {
      sg_exchange(width, items + k * width, items + chosen * width, 1);
      det->part = -det->part;
    }
    NUMBER pivot = items[k * width + k];
    if (pivot == 0) return 0;
    for (int i = k + 1; i < n; i += 1) {
      NUMBER first = items[i * width + k];
      NUMBER factor = n <= 3 ? first : first / pivot;
      for (int j = k + 1; j < width; j += 1) {
        NUMBER x = items[i * width + j], above = items[k * width + j];
        items[i * width + j] = n <= 3 ? (pivot * x - factor * above) / last : x - factor * above;
      }
    }
    if (n > 3 || k + 1 == n) *det = sg_times(*det, pivot);
    last = pivot;
  }
  return 1;
}

FUNCTION void sg_det(int n, const NUMBER *a, NUMBER *items, NUMBER *y)
{
  SCALED det;
  if (sg_has_nan(n * n, a)) y[0] = (NUMBER)sg_number(0x7ff8000000000000ULL);
  else y[0] = sg_eliminate(n, 0, a, a, items, &det) ? sg_shift(det.part, det.exponent) : (NUMBER)0;
}

FUNCTION void sg_logdet(int n, const NUMBER *a, NUMBER *items, NUMBER *y)
{
  SCALED det;
  if (sg_has_nan(n * n, a)) y[0] = (NUMBER)sg_number(0x7ff8000000000000ULL);
  else if (!sg_eliminate(n, 0, a, a, items, &det)) y[0] = (NUMBER)sg_number(0xfff0000000000000ULL);
  else if (-64 <= det.exponent && det.exponent <= 64)
    y[0] = (NUMBER)sg_log((double)sg_size(sg_shift(det.part, det.exponent)));
  else
    y[0] = (NUMBER)sg_log((double)sg_size(det.part)) + (NUMBER)det.exponent * (NUMBER)0.6931471805599453;
}

FUNCTION void sg_solve(int n, int columns, const NUMBER *a, const NUMBER *right, NUMBER *items, NUMBER *y)
{
  SCALED det;
  int width = n + columns;
  if (sg_has_nan(n * n, a) || !sg_eliminate(n, columns, a, right, items, &det)) {
    sg_fill(n * columns, (NUMBER)sg_number(0x7ff8000000000000ULL), y);
    return;
  }
  for (int i = n - 1; i >= 0; i -= 1) {
    for (int j = 0; j < columns; j += 1) {
      NUMBER side = items[i * width + n + j];
      for (int k = i + 1; k < n; k += 1) side = side - items[i * width + k] * y[k * columns + j];
      y[i * columns + j] = side / items[i * width + i];
    }
  }
}

FUNCTION void sg_inv(int n, const NUMBER *a, NUMBER *items, NUMBER *y)
{
  sg_solve(n, n, a, 0, items, y);
}

/* prim/whole/cholesky.rs */
FUNCTION void sg_cholesky(int n, const NUMBER *a, NUMBER *y)
{
  NUMBER half = (NUMBER)0.5;
  int definite = !sg_has_nan(n * n, a);
  sg_fill(n * n, 0, y);
  for (int i = 0; i < n && definite; i += 1) {
    for (int j = 0; j < i; j += 1) {
      NUMBER left = half * a[i * n + j] + half * a[j * n + i];
      for (int k = 0; k < j; k += 1) left = left - y[i * n + k] * y[j * n + k];
      y[i * n + j] = left / y[j * n + j];
    }
    NUMBER left = a[i * n + i];
    for (int k = 0; k < i; k += 1) left = left - y[i * n + k] * y[i * n + k];
    definite = 0 < left;
    y[i * n + i] = (NUMBER)sqrt((double)left);
  }
  if (!definite) sg_fill(n * n, (NUMBER)sg_number(0x7ff8000000000000ULL), y);
}

/* Beyond three rows, by complete pivoting, with room for two matrices and three rows of whole numbers: prim/whole/cofactors.rs,
   as is what follows. */
FUNCTION void sg_factored(int n, const NUMBER *a, NUMBER *items, int *rows, NUMBER *y)
{
  NUMBER *z = items + n * n;
  int *columns = rows + n, *scales = columns + n, last = n - 1, whole = 0;
  SCALED det = sg_scaled(1, 0);
  for (int i = 0; i < n; i += 1) {
    rows[i] = columns[i] = i;
    scales[i] = sg_greatest(n, a + i * n);
    whole += scales[i];
    for (int j = 0; j < n; j += 1) items[i * n + j] = sg_shift(a[i * n + j], -scales[i]);
  }
  sg_fill(n * n, 0, y);
  for (int k = 0; k < last; k += 1) {
    int row = k, column = k, other;
    for (int i = k; i < n; i += 1)
      for (int j = k; j < n; j += 1)
        if (sg_size(items[row * n + column]) < sg_size(items[i * n + j])) { row = i; column = j; }
    if (row != k) {
      sg_exchange(n, items + k * n, items + row * n, 1);
      other = rows[k]; rows[k] = rows[row]; rows[row] = other;
      det.part = -det.part;
    }
    if (column != k) {
      sg_exchange(n, items + k, items + column, n);
      other = columns[k]; columns[k] = columns[column]; columns[column] = other;
      det.part = -det.part;
    }
    NUMBER pivot = items[k * n + k];
    if (pivot == 0) return;
    det = sg_times(det, pivot);
    for (int i = k + 1; i < n; i += 1) {
      NUMBER factor = items[i * n + k] / pivot;
      items[i * n + k] = factor;
      for (int j = k + 1; j < n; j += 1) items[i * n + j] = items[i * n + j] - factor * items[k * n + j];
    }
  }
  sg_fill(n * n, 0, z);
  for (int i = 0; i < n; i += 1) {
    z[i * n + rows[i]] = 1;
    for (int k = 0; k < i; k += 1) sg_subtract(n, z, i, items[i * n + k], k);
  }
  for (int i = last - 1; i >= 0; i -= 1) {
    for (int j = 0; j < n; j += 1) z[i * n + j] = items[n * n - 1] * z[i * n + j];
    sg_subtract(n, z, i, items[i * n + last], last);
    for (int k = i + 1; k < last; k += 1) sg_subtract(n, z, i, items[i * n + k], k);
    for (int j = 0; j < n; j += 1) z[i * n + j] = z[i * n + j] / items[i * n + i];
  }
  whole += det.exponent;
  for (int i = 0; i < n; i += 1)
    for (int j = 0; j < n; j += 1) y[j * n + columns[i]] = sg_shift(det.part * z[i * n + j], whole - scales[j]);
}

FUNCTION void sg_cofactors(int n, const NUMBER *a, NUMBER *items, int *rows, NUMBER *y)
{
  if (sg_has_nan(n * n, a)) sg_fill(n * n, (NUMBER)sg_number(0x7ff8000000000000ULL), y);
  else if (n == 1) y[0] = 1;
  else if (n == 2) {
    y[0] = a[3];
    y[1] = -a[2];
    y[2] = -a[1];
    y[3] = a[0];
  } else if (n == 3) {
    y[0] = a[4] * a[8] - a[5] * a[7];
    y[1] = a[5] * a[6] - a[3] * a[8];
    y[2] = a[3] * a[7] - a[4] * a[6];
    y[3] = a[2] * a[7] - a[1] * a[8];
    y[4] = a[0] * a[8] - a[2] * a[6];
    y[5] = a[1] * a[6] - a[0] * a[7];
    y[6] = a[1] * a[5] - a[2] * a[4];
    y[7] = a[2] * a[3] - a[0] * a[5];
    y[8] = a[0] * a[4] - a[1] * a[3];
  } else sg_factored(n, a, items, rows, y);
}
