program main
  implicit none
  character(len=4096) :: line
  integer :: length, status
  do
    read (*, "(a)", iostat=status, size=length, advance="no") line
    if (is_iostat_end(status)) exit
    write (*, "(a)") line(:length)
  end do
end program main
