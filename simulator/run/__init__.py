"""A run from scenario to result: the device, the simulation, what is recorded, and how large it will be."""
