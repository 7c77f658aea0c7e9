"""Where everything is in a picture, and how large, in which type and colours."""
