"""What large catalogs cost: `python -m benchmarks` measures it and holds it to aims."""
