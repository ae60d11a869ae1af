"""What screens show and will show: the exact picture of any instant, and timelines that play.

Asks `publishing` for manifests and pictures and `scheduler` for reasons; decides nothing.
"""
