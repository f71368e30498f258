"""What a platform is: the contract, its errors, and how HTTP becomes one of them."""
