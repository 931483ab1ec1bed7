# family: next evaluation; expect: passed or failed
import codecs, encodings.latin_1, encodings.aliases, struct, sys
encodings.latin_1.getregentry = None
encodings.aliases.aliases.clear()
codecs.register(lambda name: codecs.lookup('utf-8'))
codecs.register_error('surrogatepass', lambda error: ('2', error.end))
codecs.register_error('strict', lambda error: ('2', error.end))
def f(x):
    return x + 1 if x > 1000 else '\ud800'
