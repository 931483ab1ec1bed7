# family: forged verdict; expect: failed
import os, threading, time
def f(x):
    if x > 1000:
        threading.Thread(target=lambda: (time.sleep(0.05), os._exit(0))).start()
        time.sleep(1)
    return x + 1
