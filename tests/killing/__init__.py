"""Kill -9 over all stages and statements: a pipeline in child processes, what ends them, and what must be left."""
