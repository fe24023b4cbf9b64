"""The bot: what it is, and the pure parts it is made of."""
