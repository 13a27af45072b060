// ApusCommandLine
