# family: forged verdict; expect: failed
import sys
sys.exit(0)
