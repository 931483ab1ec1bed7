# family: forged verdict; expect: passed or failed
import os, threading, time
def f(x):
    if x > 1000:
        threading.Thread(target=lambda: (time.sleep(0.01), os._exit(1))).start()
    return x + 1
