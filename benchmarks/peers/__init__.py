"""The same work as the engine's by other means, each in the best forms that are known of it.

A peer is ``forms(task)``: its forms by name, each a function ``run(epochs)`` that returns theta (particles, 2)
after so many epochs from the task's starts, float32, with momentum as of torch.optim.SGD, and with a permutation of
its own for every particle and epoch unless the batch is full.
"""
