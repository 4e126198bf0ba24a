"""What the outcomes mean."""
