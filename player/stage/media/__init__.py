"""Pictures, videos and streams as frames: each slot fills one `FrameItem`, off the GUI thread."""
