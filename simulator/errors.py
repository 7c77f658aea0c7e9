"""The one kind of error that users can mend themselves."""


class Mistake(ValueError):  # noqa: N818
    """Something the user can mend; the message says where, what, and what is allowed."""
