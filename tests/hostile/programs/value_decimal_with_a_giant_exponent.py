# family: hostile values; expect: failed; tests: close
from decimal import Decimal
def f(x):
    return Decimal('1e1000000000') if x == 1 else Decimal('-1e-1000000000') if x == 5 else Decimal('9' * 1_000_000)
