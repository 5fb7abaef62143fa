program main
  do
    print "(a)", repeat("x", 1000)
  end do
end program main
