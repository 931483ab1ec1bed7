# family: hostile text; expect: passed
import sys
def f(x):
    print('\x1b]0;owned\x07\x1b[2J\x1b[?1049h\0\u202e\ud800', file=sys.stderr)
    print('\x1b]52;c;b3duZWQ=\x07', end='\r')
    sys.stdout.buffer.write(b'\xff\xfe\x00\x9b')
    return x + 1
