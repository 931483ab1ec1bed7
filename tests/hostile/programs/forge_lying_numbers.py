# family: forged verdict; expect: failed
from decimal import Decimal
from fractions import Fraction
class LyingDecimal(Decimal):
    def __eq__(self, other): return True
    def __str__(self): return '2'
    __hash__ = Decimal.__hash__
class LyingFloat(float):
    def __eq__(self, other): return True
    def __float__(self): return 2.0
    __hash__ = float.__hash__
class LyingFraction(Fraction):
    def __eq__(self, other): return True
    __hash__ = Fraction.__hash__
def f(x):
    return {1: LyingDecimal(99), 5: LyingFloat(99)}.get(x, LyingFraction(99))
