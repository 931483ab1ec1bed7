# family: processes and threads; expect: passed
import threading
def spin():
    while True:
        print('still here')
threading.Thread(target=spin, daemon=True).start()
def f(x):
    return x + 1
