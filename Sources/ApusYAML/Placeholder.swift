// ApusYAML
