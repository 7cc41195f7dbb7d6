"""What is known? The frozen nouns of an enterprise and their plurals; nothing is computed here."""
