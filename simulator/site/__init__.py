"""A playground as a folder of plain files: scenarios and surfaces as live pages, a gallery, a picker and a lesson."""

from errsurf.site.writing import write_site

__all__ = ["write_site"]
