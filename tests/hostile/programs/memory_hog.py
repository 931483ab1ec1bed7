# family: memory and recursion; expect: failed or timeout; weaker: passed or failed or timeout
def f(x):
    hoard = [bytearray(1 << 26) for _ in range(40)]
    return x + len(hoard)
