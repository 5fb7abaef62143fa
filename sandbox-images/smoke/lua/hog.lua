local blocks = {}
local i = 0
while true do
  i = i + 1
  blocks[i] = string.rep("x", 8 * 1024 * 1024) .. i
end
