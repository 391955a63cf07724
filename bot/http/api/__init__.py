"""The foundation of the HTTP API: tokens, problem details, paging, idempotency, limits, documentation."""
