"""What was released: signed manifests, the keys' public side, and who released them."""
