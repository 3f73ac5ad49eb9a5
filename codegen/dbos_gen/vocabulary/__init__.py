"""The words everything else is written in: names, types, contracts, findings, and what is known of the runtimes."""
