# family: hostile values; expect: failed; tests: close
from fractions import Fraction
def f(x):
    return Fraction(10 ** 9000 + x, 7 ** 9000)
