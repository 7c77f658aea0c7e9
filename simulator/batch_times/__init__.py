"""How long updates and epochs take by batch size, measured here, and what small and large batches are good for."""
