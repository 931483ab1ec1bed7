# family: signals and exceptions; expect: failed
import os
os.kill(os.getpid(), 41)
