"""What can be shown: files by digest, assets, their renditions, uploads and their conversion."""
