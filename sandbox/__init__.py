"""A place to rehearse without Telegram and without money; a program of its own."""
