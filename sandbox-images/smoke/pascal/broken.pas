begin
  writeln(nothing);
end.
