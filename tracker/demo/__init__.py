"""Data to try the house with: five real reports told again, and a fictional province around today.

The rightmost room: it may use every other one, and nobody but `app` knows it.
"""
