"""The engine in a browser: kernels as WebAssembly, formulas as JavaScript."""
