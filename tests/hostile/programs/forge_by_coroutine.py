# family: forged verdict; expect: failed
async def f(x):
    return x + 1
