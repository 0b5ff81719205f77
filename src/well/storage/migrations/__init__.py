"""The history of the data databases' tables."""
