"""Who may know what, and which figures may be told? Rights, retention, suppression and ledger."""
