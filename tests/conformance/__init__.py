"""Tests that hold the doubles to what the real platforms were recorded to do."""
