module main;
  initial begin
    $display("hello"
  end
endmodule
