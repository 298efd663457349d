"""Exercises of lesson 6, from one training step to a whole training loop."""
