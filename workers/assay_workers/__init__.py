"""The judges: they hold the expected values, drive sandboxes and compare what comes back."""
