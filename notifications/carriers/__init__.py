"""Carriers outside the house: each turns what its provider says into the outcomes of `notifications.channels`."""
