var
  line: ansistring;
begin
  while not eof do
  begin
    readln(line);
    writeln(line);
  end;
end.
