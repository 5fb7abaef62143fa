let () = print_endline nothing
