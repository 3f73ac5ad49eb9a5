"""What an expression stands for: functions, classes, instances, and what calls of them give."""
