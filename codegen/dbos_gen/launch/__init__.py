"""What a running application asks of its sources: the digests of its workflows. Standard library only."""
