# family: hostile values; expect: failed; tests: mapping
from decimal import Decimal
def f(x):
    return Decimal('sNaN') if x == 1 else Decimal('NaN') if x == 5 else Decimal('Infinity')
