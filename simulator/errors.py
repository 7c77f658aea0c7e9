"""The two kinds of error that users read: what they can mend, and what went wrong around them."""

import errno

FULL = {errno.ENOSPC, errno.EDQUOT}


class Mistake(ValueError):  # noqa: N818
    """Something the user can mend; the message says where, what, and what is allowed."""


class Failure(RuntimeError):  # noqa: N818
    """Something that broke off a run, such as a full disk; the message says where, what, and what is kept."""


class DeviceFailure(Failure):
    """A GPU failed while a run was made; the state of the run is as before."""


def reason(error: OSError) -> str:
    """Why the system refused, in words."""
    return "the disk is full" if error.errno in FULL else error.strerror or str(error)
