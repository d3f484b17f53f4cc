"""What every double stands on: requests and answers, a router, a server, a certificate."""
