# expected: failed or timeout
import threading, time
def f(x):
    threading.stack_size(65536)
    for _ in range(5000):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    return x + 1
