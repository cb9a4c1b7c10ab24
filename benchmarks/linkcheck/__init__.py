"""What the benchmark of links is made of: stages, the processes they run in, and what is ideal."""
