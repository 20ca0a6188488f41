"""Measures whole jobs: ours, the floor and the peers, side by side (docs/performance.md)."""
