let rec grow blocks = grow (Bytes.make (8 lsl 20) 'x' :: blocks)
let () = grow []
