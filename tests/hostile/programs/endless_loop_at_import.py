# family: time; expect: timeout
while True:
    pass
