"""What touches the operating system: child processes, atomic files, text for terminals."""
