"""台账 Ledger: the only writer of scores; append-only, chained."""
