/* By whole steps to within 1/2 of 2, for -40 < x < 8: gamma.rs. */
FUNCTION double sg_shifted(double x)
{
  double nearest = rint(x);
  double t = x - nearest;
  DOUBLE near = t < -0.25 ? sg_middle(t + 0.5) : sg_near_two(t);
  if (nearest == 2.0) return near.high;
  int below = nearest < 2.0;
  int steps = (int)fabs(nearest - 2.0);
  DOUBLE product = sg_sum(x, below ? 0.0 : -1.0);
  for (int i = 1; i < steps; i += 1) product = sg_mul(product, sg_sum(x, below ? (double)i : -1.0 - (double)i));
  if (product.high < 0.0) product = sg_neg(product);
  DOUBLE log = sg_double_log(product);
  return (below ? sg_sub(near, log) : sg_add(near, log)).high;
}

FUNCTION double sg_lgamma(double x)
{
  if (x != x) return x;
  if (fabs(x) == sg_number(0x7ff0000000000000ULL) || (x <= 0.0 && floor(x) == x)) return sg_number(0x7ff0000000000000ULL);
  if (fabs(x) < 5.421010862427522e-20) return -sg_log(fabs(x));
  if (x >= 8.0) {
    DOUBLE sum = sg_stirling(x);
    return sum.high + sum.low;
  }
  if (x <= -40.0) return sg_reflected(-x);
  if (!(0.75 <= x && x < 1.5)) return sg_shifted(x);
  return x < 1.25 ? sg_near_one(x - 1.0).high : sg_middle(x - 1.5).high;
}
