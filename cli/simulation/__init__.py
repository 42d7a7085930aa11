"""Any act lived through on the virtual clock: invented people act through the real services, as the act's data asks.

Nothing here knows an act: which people act, in which order and until when comes from the act's path, plans and panel;
what happens out of the ordinary comes from the story beside the body's file.
"""
