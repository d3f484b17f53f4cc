"""What the doubles sell and to whom, apart from the platform that they play."""
