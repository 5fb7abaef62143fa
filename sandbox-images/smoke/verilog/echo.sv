module main;
  integer c;

  initial begin
    c = $fgetc('h8000_0000);
    while (c != -1) begin
      $write("%c", c);
      c = $fgetc('h8000_0000);
    end
    $finish(0);
  end
endmodule
