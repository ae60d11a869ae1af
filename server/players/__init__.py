"""The interface for players: what paired boxes ask of the server, and what they report to it.

Plain ASGI beside Django on the same port (docs/adr/0017): no Django middleware, and no database in
the way of a poll.  `server.players.interface` is what the server's ASGI application calls for
everything below `/player/`.  Nothing here has models; the database is behind `records` (reads) and
`writer` (writes), both of which run in threads of their own.

Described for people in docs/player-interface.md and for programs at `/player/v1/openapi.json`.
"""
