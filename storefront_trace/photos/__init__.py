"""A stranger's bytes go in, our own pictures come out. Pillow is imported in the worker process only."""
