# family: forged verdict; expect: failed
import os
os._exit(0)
