<?php
$blocks = [];
while (true) {
    $blocks[] = str_repeat("x", 8 << 20);
}
