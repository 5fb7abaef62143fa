program main
  implicit none
  print *, nothing
end program main
