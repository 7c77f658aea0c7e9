"""Frames one after the other, and the codes of files that hold them.

Libraries make the bit streams: Pillow (LZW, libwebp), zlib, and FFmpeg through PyAV.  The containers of GIF, APNG and
WebP are written here, because the libraries' take all frames at once or round delays.
"""
