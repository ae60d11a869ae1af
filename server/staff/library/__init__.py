"""The library's pages: what there is, what becomes of it, where it is used, and what is done to it.

One module an act: `browse` lists, `uploads` and `taking` take files, `assets` shows one, `acts`
and `bulk` change them, `removing` takes out and deletes, `deleted` brings back.  The other pages
take only what stands here.
"""

from server.staff.library.pictures import in_order, picture_answer, with_thumbnail

__all__ = ["in_order", "picture_answer", "with_thumbnail"]
