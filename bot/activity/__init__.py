"""Activity: numbers that come in over the API, one by one or many at once, and the entries behind them."""
