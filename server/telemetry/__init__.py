"""What screens say of themselves: heartbeats, proof of play, faults, screenshots, logs."""
