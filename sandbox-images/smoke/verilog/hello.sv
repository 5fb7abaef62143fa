module main;
  initial begin
    $display("hello");
    $finish(0);
  end
endmodule
