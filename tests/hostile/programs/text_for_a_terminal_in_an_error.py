# family: hostile text; expect: failed
def f(x):
    raise ValueError('\x1b]0;owned\x07\x1b[2J\x1b[31m\r\x08\x9b5n \u202eesrever\u2066\0 end')
