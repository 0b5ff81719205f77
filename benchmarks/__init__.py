"""Measurements of the main job and its parts, side by side with peers where there are any."""
