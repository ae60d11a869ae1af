"""The central content server: staff upload, arrange and publish; screens fetch and report.

Django for staff, a small ASGI interface for players beside it.  Imports `manifest`, `scheduler`
and `content_cache`'s durable writes; never `player`.
"""
