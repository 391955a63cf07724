"""Progress: how somebody stands, their past months, and the entries behind each number."""
