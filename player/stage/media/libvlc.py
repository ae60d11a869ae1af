"""libVLC behind our own port; with `vlc_media`, the only module that may import `vlc`.

Used by `video.py` and `probe.py`.  Nothing here decides what is shown or waits for anything but
libVLC.  A trap of python-vlc 3 ends here: `VideoFormatCb` gives the chroma as a read-only copy, so
the callbacks are our own (`vlc_callbacks.py`) and are cast.
"""

import ctypes
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import vlc

from player.stage.media import alsa_errors
from player.stage.media import vlc_callbacks as calls
from player.stage.media.decoder import Clip, FrameSink, PlayOptions
from player.stage.media.errors import DecoderMissing, MediaUnplayable
from player.stage.media.fitting import SourceFormat
from player.stage.media.rtsp_relay import RtspRelay, is_rtsp
from player.stage.media.sniff import name_of
from player.stage.media.vlc_media import clip_of, parse, visible_format

__all__ = ["LibVlc", "arguments"]

_VOID = ctypes.c_void_p
_event_attach = vlc.dll.libvlc_event_attach
_event_attach.restype = ctypes.c_int
_event_attach.argtypes = [_VOID, ctypes.c_int, calls.EventType, _VOID]

_FULL_RANGE = b"J420"  # the fourcc of I420 whose numbers go from 0 to 255
_PARSE_DEADLINE_S = 2.0
_LAST_JOINT_MS = 200

MOST_THREADS = 4
"""So many decode one video: enough for 2160p, and each holds frames of its own."""

FILE_CACHING_MS = 200
"""So far ahead is a file decoded that plays from its beginning (libVLC's own: 300).  With 150 or
250 the last frame is lost: every 100 ms libVLC looks whether all are out, and forgets the next."""


def decoder_threads(cores: int) -> int:
    """How many threads decode a video: one core is left to what paints, `MOST_THREADS` at most.

    On two cores a second decoder only gets into the way of the painter and of the X server: 1080p30
    took 6 to 9 % more CPU time with it, and 13 MiB.
    """
    return max(1, min(MOST_THREADS, cores - 1))


def arguments(
    audio_output: str | None = None, hardware: str = "none", threads: int = 0
) -> list[str]:
    """The command line of libVLC.

    `audio_output` is the name of a libVLC audio output (`alsa`, `pulse`, `adummy`; None: libVLC
    chooses), `hardware` that of a hardware decoder (`none`: decode on the CPU).  `threads` decode
    each video (0: see `decoder_threads`): each holds a few frames.
    """
    return [
        "--quiet",
        "--no-xlib",
        "--no-spu",
        "--no-osd",
        "--no-video-title-show",
        "--no-sub-autodetect-file",
        "--no-metadata-network-access",
        "--no-lua",
        f"--avcodec-hw={hardware}",
        f"--avcodec-threads={threads or decoder_threads(len(os.sched_getaffinity(0)))}",
        *([f"--aout={audio_output}"] if audio_output else []),
    ]


class LibVlc:
    """One libVLC for the whole process; makes the decoders."""

    def __init__(self, command_line: Sequence[str]) -> None:
        """Load the plugins (10 to 60 ms); raise `DecoderMissing` if libVLC refuses."""
        alsa_errors.keep_quiet()
        self.instance = vlc.Instance(list(command_line))
        if self.instance is None:
            raise DecoderMissing(
                "libVLC did not start: its plugins are missing or an argument is unknown; "
                "install the package vlc-plugin-base and check the player's video settings"
            )

    def decoder(self, sink: FrameSink) -> "VlcDecoder":
        """A decoder that fills the frames of `sink`."""
        return VlcDecoder(self.instance, sink)

    def parse(self, path: Path, deadline_s: float) -> Clip | None:
        """See `Parser.parse`."""
        media = self.instance.media_new_path(bytes(path))
        try:
            return clip_of(media) if parse(media, deadline_s) else None
        finally:
            media.release()

    def close(self) -> None:
        """Let libVLC go, after the last decoder was closed."""
        self.instance.release()


class VlcDecoder:
    """One libVLC media player for one showing of one source."""

    def __init__(self, instance: Any, sink: FrameSink) -> None:
        self._instance = instance
        self.sink = sink
        self._media: Any = None
        self._relay: RtspRelay | None = None
        self._volume = 0
        self._player = instance.media_player_new()
        self._key = calls.listen(self)
        self._connect()

    def _connect(self) -> None:
        kinds = vlc.CallbackDecorators
        vlc.libvlc_video_set_callbacks(
            self._player,
            ctypes.cast(calls.LOCK, kinds.VideoLockCb),
            None,  # nothing to do when a frame is filled, and each call of Python has its price
            ctypes.cast(calls.DISPLAY, kinds.VideoDisplayCb),
            _VOID(self._key),
        )
        vlc.libvlc_video_set_format_callbacks(
            self._player,
            ctypes.cast(calls.FORMAT, kinds.VideoFormatCb),
            ctypes.cast(calls.CLEANUP, kinds.VideoCleanupCb),
        )
        events = vlc.libvlc_media_player_event_manager(self._player)
        for event in calls.EVENTS:
            _event_attach(events, event, calls.EVENT, _VOID(self._key))

    def open(self, source: Path | str, options: PlayOptions) -> int:
        """See `Decoder.open`."""
        self._media = self._new_media(source, options)
        offset_ms = self._offset_within(options.offset_ms)
        for option in _media_options(options, offset_ms):
            self._media.add_option(option)
        self._player.set_media(self._media)
        if options.sound:
            self._volume = options.volume
            self._player.audio_set_mute(True)
        if self._player.play() != 0:
            raise MediaUnplayable(f"{name_of(source)!r}: libVLC would not begin to play it")
        return offset_ms

    def _offset_within(self, offset_ms: int) -> int:
        """The offset in its pass of a clip that loops; the length is asked of the file itself."""
        if not offset_ms:
            return 0
        parse(self._media, _PARSE_DEADLINE_S)
        length_ms = int(self._media.get_duration())
        if length_ms <= 0:
            return offset_ms
        within = offset_ms % length_ms
        # Too near to the end there may be no frame left: begin with the next pass.
        return within if length_ms - within > _LAST_JOINT_MS else 0

    def _new_media(self, source: Path | str, options: PlayOptions) -> Any:
        if isinstance(source, Path):
            media = self._instance.media_new_path(bytes(source))
        elif is_rtsp(source):
            self._relay = RtspRelay(source, sound=options.sound)
            media = self._instance.media_new_fd(self._relay.descriptor)
        else:
            media = self._instance.media_new_location(source)
        if media is None:
            raise MediaUnplayable(f"{name_of(source)!r}: libVLC makes nothing of this name")
        return media

    def pause(self) -> None:
        """See `Decoder.pause`."""
        self._player.set_pause(1)

    def resume(self) -> None:
        """See `Decoder.resume`."""
        if self._volume:
            self._player.audio_set_mute(False)
            self._player.audio_set_volume(self._volume)
        self._player.set_pause(0)

    def set_volume(self, percent: int) -> None:
        """See `Decoder.set_volume`."""
        self._player.audio_set_volume(percent)

    def length_ms(self) -> int:
        """See `Decoder.length_ms`."""
        return max(0, int(self._media.get_duration()))

    def progress(self) -> tuple[int, ...]:
        """See `Decoder.progress`: in a gap of a file only time goes on."""
        stats = vlc.MediaStats()
        vlc.libvlc_media_get_stats(self._media, ctypes.byref(stats))
        self.reason()  # a relay whose complaints nobody reads would stand still in writing them
        return int(self._player.get_time()), stats.read_bytes, stats.decoded_video

    def reason(self) -> str:
        """See `Decoder.reason`: only RTSP tells, libVLC keeps its reasons to its log."""
        return self._relay.reason() if self._relay is not None else ""

    def close(self) -> None:
        """See `Decoder.close`; takes 20 to 60 ms, and for ever if a plugin hangs."""
        self._player.stop()
        self._player.release()
        if self._media is not None:
            self._media.release()
        if self._relay is not None:
            self._relay.close()
        calls.unlisten(self._key)

    def answer_format(self, chroma: Any, width: Any, height: Any, pitch: Any, lines: Any) -> None:
        """See `VlcListener.answer_format`; the size in the question is padded by the decoder."""
        source = self._visible_format() or SourceFormat(width[0], height[0])
        if chroma[0].value == _FULL_RANGE:
            source = replace(source, full_range=True)
        layout = self.sink.lay_out(source)
        ctypes.memmove(chroma, layout.chroma.encode("ascii"), 4)
        width[0], height[0] = layout.width, layout.height
        for number, plane in enumerate(layout.planes):
            pitch[number], lines[number] = plane.pitch, plane.lines

    def _visible_format(self) -> SourceFormat | None:
        """What the track says of its picture; the size that libVLC offers is the padded one."""
        return visible_format(self._media)


def _media_options(options: PlayOptions, offset_ms: int) -> list[str]:
    chosen = []
    if offset_ms:
        chosen.append(f":start-time={offset_ms / 1000:.3f}")
    elif not options.live:
        chosen.append(f":file-caching={FILE_CACHING_MS}")
    if options.other_demuxer:
        chosen.append(":demux=avformat")
    if not options.picture:
        chosen.append(":no-video")
    if not options.sound:
        chosen.append(":no-audio")
    if options.live:
        chosen += [
            f":network-caching={options.network_caching_ms}",
            f":live-caching={options.network_caching_ms}",
            f":file-caching={options.network_caching_ms}",  # RTSP comes through a pipe
        ]
    return chosen
