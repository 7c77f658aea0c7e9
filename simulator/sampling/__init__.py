"""Which examples make each batch: random numbers, orders of examples, how epochs are cut into batches."""
