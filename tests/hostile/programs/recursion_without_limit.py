# family: memory and recursion; expect: failed or timeout
import sys
sys.setrecursionlimit(10 ** 9)
def f(x):
    return f(x) + f(x)
