"""What a process asks the kernel to take away from it: files, connections, system calls."""
