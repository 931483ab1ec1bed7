# family: time; expect: timeout
import os, select
def f(x):
    reads, writes = os.pipe()
    os.read(reads, 1)
