"""What a server of many screens costs: simulated boxes against one real `yingbi-server run`.

`python -m bench.fleet` prints every figure with its goal, nginx beside ours in the same run where
a goal names it.  The boxes speak the real protocol and verify real documents; their disk is a fake.
"""
