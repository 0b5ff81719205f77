"""One workspace's durable memory on Django: rows, sealed bodies, files, and the trail."""
