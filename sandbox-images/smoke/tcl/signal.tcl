exec kill -ABRT [pid]
after 10000
