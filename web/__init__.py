"""Kernels as WebAssembly: the modules that a page runs, with the bits of the portable kernels."""
