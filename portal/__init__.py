"""What is reachable over HTTP: for now the service carriers tell their receipts to."""
