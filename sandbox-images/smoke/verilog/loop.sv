module main;
  integer i = 0;

  initial begin
    forever begin
      i = i + 1;
    end
  end
endmodule
