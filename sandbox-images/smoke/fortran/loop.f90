program main
  implicit none
  integer, volatile :: i
  do
    i = 0
  end do
end program main
