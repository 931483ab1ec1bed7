# family: the channel; expect: timeout or failed
import os, threading
def steal():
    while True:
        os.read(3, 7)
threading.Thread(target=steal, daemon=True).start()
def f(x):
    return 0
