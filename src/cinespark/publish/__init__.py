"""Write a version of what the gate passed, and make it the current one."""
