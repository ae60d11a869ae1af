"""What is shown when: layouts, playlists, entries, takeovers and the calendar."""
