const blocks: Buffer[] = [];
for (;;) {
  blocks.push(Buffer.alloc(8 << 20, 1));
}
