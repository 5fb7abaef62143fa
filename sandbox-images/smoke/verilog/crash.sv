module main;
  initial begin
    $fatal(1, "as it should");
  end
endmodule
