TIMES = 2  # => TIMES = 3
