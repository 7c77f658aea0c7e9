"""What there is to compute on besides the CPU."""
