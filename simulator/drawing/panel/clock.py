"""The clock of a picture in words."""

from errsurf.system.numbers import counted


def clock_texts(clock: float, epoch: int | None) -> tuple[str, ...]:
    """The clock in words, in full and shorter: updates, or examples seen where an epoch has so many examples."""
    done = int(clock + 1e-9)
    if epoch is None:
        return (counted(done, "update"),)
    examples = counted(done, "example")
    return f"{examples} seen, epoch {done // epoch:,}", f"{examples}, epoch {done // epoch:,}", examples, f"{done:,}"
