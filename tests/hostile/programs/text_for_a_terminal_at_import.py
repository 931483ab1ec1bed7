# family: hostile text; expect: failed
raise ImportError('\x1b[2J\x1b]52;c;b3duZWQ=\x07\r\0')
