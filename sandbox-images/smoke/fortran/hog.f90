program main
  implicit none
  type block
    integer, allocatable :: values(:)
  end type block
  type(block) :: blocks(100000)
  integer :: i
  do i = 1, size(blocks)
    allocate (blocks(i)%values(2097152))
    blocks(i)%values = i
  end do
  print *, blocks(7)%values(7)
end program main
