module main;
  int blocks[$];

  initial begin
    forever begin
      blocks.push_back(1);
    end
  end
endmodule
