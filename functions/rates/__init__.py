"""The domain: the ECB's euro foreign exchange reference rates, fetched, kept and quoted."""

VERSION = "2.0.0"
SOURCE = "European Central Bank, euro foreign exchange reference rates"
