"""What several test files share: scenarios, results, reference implementations, and drivers of programs."""
