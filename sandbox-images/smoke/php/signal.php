<?php
// The function needs the posix extension, the shell does not.
$pid = getmypid();
exec("kill -ABRT $pid");
sleep(10);
