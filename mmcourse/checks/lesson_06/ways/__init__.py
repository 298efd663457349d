"""Ways to answer the exercises of lesson 6, right and wrong, a file for each topic."""
