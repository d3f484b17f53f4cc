"""Measure what the bounds are about: ``python -m benchmarks``; see docs/benchmarks.md."""
