/* The rest of an angle x >= 2^20 as high and low part, the low one with the number of quarter turns in its lowest
   bits: trig/reduce.rs. */
FUNCTION unsigned __int128 sg_word_of_two_over_pi(BITS start, int i)
{
  BITS at = start / 64 + i;
  unsigned __int128 high = at < 21 ? sg_two_over_pi[at] : 0;
  unsigned __int128 low = at + 1 < 21 ? sg_two_over_pi[at + 1] : 0;
  return (BITS)((high << 64 | low) >> (64 - start % 64));
}

FUNCTION DOUBLE sg_huge(double x)
{
  BITS bits = sg_bits(x);
  BITS exponent = bits >> 52;
  if (exponent == 0x7ff) return sg_double(x - x, x - x);
  unsigned __int128 mantissa = (bits & ((1ULL << 52) - 1)) | 1ULL << 52;
  BITS start = exponent - (1075 + 2 - 64);
  unsigned __int128 third = mantissa * sg_word_of_two_over_pi(start, 2);
  unsigned __int128 second = mantissa * sg_word_of_two_over_pi(start, 1) + (third >> 64);
  unsigned __int128 first = mantissa * sg_word_of_two_over_pi(start, 0) + (second >> 64);
  unsigned __int128 top = first << 64 | (BITS)second;
  BITS rest = (BITS)third;
  BITS quarters = (BITS)((top >> 126) + (top >> 125 & 1)) & 3;
  BITS negative = (BITS)(top >> 125) & 1;
  top = top << 2 | rest >> 62;
  rest <<= 2;
  if (negative) {
    top = ~top + (rest == 0);
    rest = 0 - rest;
  }
  int zeros = 0;
  while (zeros < 63 && !(top >> 127)) {
    top = top << 1 | rest >> 63;
    rest <<= 1;
    zeros += 1;
  }
  double scale = sg_number((BITS)(1023 - 53 - zeros) << 52);
  double high = (double)(BITS)(top >> 75) * scale;
  double low = (double)((BITS)(top >> 22) & ((1ULL << 53) - 1)) * (scale * 1.1102230246251565e-16);
  DOUBLE half_pi = sg_pi_2();
  DOUBLE product = sg_two_prod(high, half_pi.high);
  double error = product.low + (high * half_pi.low + low * half_pi.high);
  double sum = product.high + error;
  low = error - (sum - product.high);
  BITS sign = negative << 63;
  return sg_double(sg_number(sg_bits(sum) ^ sign), sg_number(((sg_bits(low) ^ sign) & ~3ULL) | quarters));
}

FUNCTION double sg_huge_high(double x)
{
  return x >= 1048576.0 ? sg_huge(x).high : 0.0;
}

FUNCTION double sg_huge_low(double x)
{
  return x >= 1048576.0 ? sg_huge(x).low : 0.0;
}
