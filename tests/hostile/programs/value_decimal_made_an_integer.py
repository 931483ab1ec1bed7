# family: hostile values; expect: timeout or failed; tests: truncated; worker: may be replaced
from decimal import Decimal
def f(x):
    return Decimal('1e1000000000')
