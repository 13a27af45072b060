// ApusTelemetry
