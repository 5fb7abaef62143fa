"""What the service and the workers share: the queue of shards and the ledger of batches, both in Redis."""
