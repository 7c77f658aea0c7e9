"""What is on a map: axes, marks and names, particles and their trails."""
