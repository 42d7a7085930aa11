"""What running a cycle costs, beside the bare SQL that writes the same rows, measured in one run."""
