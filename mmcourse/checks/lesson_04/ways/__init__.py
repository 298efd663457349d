"""What people write for the larger exercises of lesson 4: the reference first, then the mistakes."""
