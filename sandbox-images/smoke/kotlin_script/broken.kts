println(nothing)
