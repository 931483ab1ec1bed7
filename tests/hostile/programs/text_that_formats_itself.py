# family: hostile text; expect: failed
def f(x):
    if x == 1:
        return '{0.__class__.__init__.__globals__} {self} %s %n %(key)s $HOME `id` [/red][link=file:///etc/passwd]'
    raise ValueError('{0.__class__.__init__.__globals__} {} %s %n %(key)s [/red] <script>alert(1)</script>')
