/* The digamma function by steps up to the asymptotic series: polygamma.rs. */
FUNCTION DOUBLE sg_digamma_up(DOUBLE x)
{
  DOUBLE y = x, steps = sg_double(0.0, 0.0), one = sg_double(1.0, 0.0);
  while (y.high < 10.0) {
    steps = sg_add(steps, sg_div(one, y));
    y = sg_add(y, one);
  }
  return sg_digamma_far(y, steps);
}

FUNCTION double sg_digamma(double x)
{
  if (fabs(x) < 5.421010862427522e-20) return -1.0 / x;
  if (x == sg_number(0x7ff0000000000000ULL)) return x;
  if (x < 0.0 && floor(x) == x) return sg_number(0x7ff8000000000000ULL);
  if (x > -20.0) return sg_digamma_up(sg_double(x, 0.0)).high;
  double f = -x - floor(-x);
  DOUBLE far = sg_digamma_up(sg_sum(-x, 1.0));
  DOUBLE near = sg_sub(sg_digamma_up(sg_sum(1.0, -f)), sg_digamma_up(sg_double(f, 0.0)));
  return sg_add(far, near).high;
}

/* double.rs. */
FUNCTION DOUBLE sg_power(DOUBLE x, BITS exponent)
{
  DOUBLE power = sg_double(1.0, 0.0), square = x;
  for (;;) {
    if (exponent & 1) power = sg_mul(power, square);
    exponent >>= 1;
    if (exponent == 0) return power;
    square = sg_mul(square, square);
  }
}

/* The sum of (unit/(x+k))^s over all k >= 0. */
FUNCTION DOUBLE sg_zeta(double s, DOUBLE x, DOUBLE unit)
{
  DOUBLE y = x, sum = sg_double(0.0, 0.0), one = sg_double(1.0, 0.0);
  while (y.high < s + 10.0) {
    DOUBLE next = sg_power(sg_div(unit, y), (BITS)s);
    sum = sg_add(sum, next);
    if (y.high > 0.0 && fabs(next.high) <= fabs(sum.high) * 2.6469779601696886e-23) return sum;
    y = sg_add(y, one);
  }
  double square = 1.0 / (y.high * y.high), product = s / y.high, series = 0.0;
  for (int k = 0; k < 12; k += 1) {
    series = series + sg_bernoulli[k] * product;
    double next = s + (double)(2 * k);
    product = product * ((next + 1.0) * (next + 2.0)) * square;
  }
  DOUBLE whole = sg_add(sg_div(y, sg_double(s - 1.0, 0.0)), sg_sum(0.5, series));
  return sg_add(sum, sg_mul(sg_power(sg_div(unit, y), (BITS)s), whole));
}

FUNCTION int sg_exponent(double x)
{
  int tiny = fabs(x) < 2.2250738585072014e-308;
  if (tiny) x = x * 18014398509481984.0;
  return (int)(sg_bits(x) >> 52 & 0x7ff) - 1023 - (tiny ? 54 : 0);
}

FUNCTION DOUBLE sg_scale(DOUBLE x, int exponent)
{
  double power = sg_number((BITS)(exponent + 1023) << 52);
  return sg_double(x.high * power, x.low * power);
}

FUNCTION DOUBLE sg_ldexp(DOUBLE x, int exponent)
{
  exponent = exponent < -4000 ? -4000 : exponent > 4000 ? 4000 : exponent;
  int quarter = exponent / 4;
  x = sg_scale(sg_scale(sg_scale(x, quarter), quarter), quarter);
  return sg_scale(x, exponent - 3 * quarter);
}

FUNCTION double sg_by_factors(double n, DOUBLE base, DOUBLE sum)
{
  int exponent = sg_exponent(base.high), exponent_of_sum = sg_exponent(sum.high);
  DOUBLE factor = sg_ldexp(sum, -exponent_of_sum);
  for (double j = 2.0; j <= n; j += 1.0) factor = sg_mul(factor, sg_double(j, 0.0));
  int power = (int)n + 1;
  DOUBLE quotient = sg_div(factor, sg_power(sg_ldexp(base, -exponent), (BITS)power));
  return sg_ldexp(quotient, exponent_of_sum - exponent * power).high;
}

FUNCTION DOUBLE sg_log_of(DOUBLE x)
{
  int exponent = sg_exponent(x.high);
  DOUBLE turns = sg_mul(sg_double((double)exponent, 0.0), sg_ln_2());
  return sg_add(sg_double_log(sg_ldexp(x, -exponent)), turns);
}

FUNCTION double sg_by_logarithm(double n, DOUBLE base, DOUBLE sum)
{
  DOUBLE size = sum.high < 0.0 ? sg_neg(sum) : sum;
  DOUBLE less = sg_sub(sg_log_factorial(n), sg_mul(sg_double(n + 1.0, 0.0), sg_log_of(base)));
  DOUBLE total = sg_add(less, sg_log_of(size));
  double power = sg_exp(total.high);
  double value = fabs(power) < sg_number(0x7ff0000000000000ULL) ? power + power * total.low : power;
  return sg_number((sg_bits(value) & ~(1ULL << 63)) | (sg_bits(sum.high) & 1ULL << 63));
}

FUNCTION double sg_of_order(double n, double x)
{
  double s = n + 1.0, infinity = sg_number(0x7ff0000000000000ULL), nan = sg_number(0x7ff8000000000000ULL);
  int odd = floor(n * 0.5) != n * 0.5;
  if (x == -infinity) return nan;
  if (x == infinity) return odd ? 0.0 : -0.0;
  if (x <= 0.0 && floor(x) == x) {
    if (odd) return infinity;
    return x == 0.0 ? (sg_bits(x) >> 63 ? infinity : -infinity) : nan;
  }
  DOUBLE smallest, sum;
  if (x > -20.0) {
    smallest = sg_double(x > 0.0 ? x : fabs(x - rint(x)), 0.0);
    sum = sg_zeta(s, sg_double(x, 0.0), smallest);
  } else {
    double f = -x - floor(-x);
    DOUBLE below = sg_double(f, 0.0), above = sg_sum(1.0, -f);
    smallest = f < 0.5 ? below : above;
    DOUBLE left = sg_sub(sg_zeta(s, below, smallest), sg_zeta(s, sg_sum(-x, 1.0), smallest));
    DOUBLE right = sg_zeta(s, above, smallest);
    sum = odd ? sg_add(right, left) : sg_sub(right, left);
  }
  DOUBLE with_sign = odd ? sum : sg_neg(sum);
  return n > 128.0 ? sg_by_logarithm(n, smallest, with_sign) : sg_by_factors(n, smallest, with_sign);
}

FUNCTION double sg_polygamma(double n, double x)
{
  if (x != x || !(0.0 <= n && n <= 9007199254740991.0) || floor(n) != n) return sg_number(0x7ff8000000000000ULL);
  return n == 0.0 ? sg_digamma(x) : sg_of_order(n, x);
}
