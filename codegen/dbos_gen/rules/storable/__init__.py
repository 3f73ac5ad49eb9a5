"""Whether values of a type can be stored: one decision, by the rules by which the runtime compiles annotations."""
