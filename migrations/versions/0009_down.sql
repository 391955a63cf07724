DROP POLICY own_workspace ON join_requests;
REVOKE ALL ON join_requests FROM goalkeeper_app;
