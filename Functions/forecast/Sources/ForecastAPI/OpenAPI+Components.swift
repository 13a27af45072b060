extension OpenAPI {
  /// What the paths refer to.
  static let components = #"""
    {
      "requestBodies": {"Series": {
        "required": true,
        "content": {
          "application/json": {"schema": {"$ref": "#/components/schemas/Request"}},
          "text/csv": {"schema": {"type": "string"}}
        }
      }},
      "parameters": {
        "value": {
          "name": "value", "in": "query",
          "description": "CSV: the column of the values, by name or by number from 1 on",
          "schema": {"type": "string"}
        },
        "time": {
          "name": "time", "in": "query", "description": "CSV: the column of the timestamps, in the same way",
          "schema": {"type": "string"}
        },
        "frequency": {
          "name": "frequency", "in": "query", "description": "CSV: how far apart the steps are",
          "schema": {"$ref": "#/components/schemas/Frequency"}
        },
        "effort": {
          "name": "effort", "in": "query", "description": "CSV: how much work the answer may cost",
          "schema": {"$ref": "#/components/schemas/Effort"}
        },
        "horizon": {
          "name": "horizon", "in": "query", "description": "CSV: steps ahead",
          "schema": {"$ref": "#/components/schemas/Horizon"}
        },
        "horizons": {
          "name": "horizons", "in": "query", "description": "CSV: several horizons, in place of horizon",
          "schema": {"$ref": "#/components/schemas/Horizons"}, "style": "form", "explode": false
        },
        "seasonality": {
          "name": "seasonality", "in": "query", "description": "CSV: steps of a season, or of several",
          "schema": {"$ref": "#/components/schemas/Seasons"}, "style": "form", "explode": false
        },
        "levels": {
          "name": "levels", "in": "query", "description": "CSV: percentages of the intervals",
          "schema": {"$ref": "#/components/schemas/Levels"}, "style": "form", "explode": false
        },
        "limit": {
          "name": "limit", "in": "query", "description": "CSV: the limit of the capacity",
          "schema": {"type": "number"}
        },
        "direction": {
          "name": "direction", "in": "query", "description": "CSV: on which side of the limit trouble begins",
          "schema": {"$ref": "#/components/schemas/Direction"}
        },
        "min": {
          "name": "min", "in": "query", "description": "CSV: no forecast and no interval goes below",
          "schema": {"type": "number"}
        },
        "max": {
          "name": "max", "in": "query", "description": "CSV: no forecast and no interval goes above",
          "schema": {"type": "number"}
        },
        "explain": {
          "name": "explain", "in": "query", "description": "CSV: whether the answer says which models were fitted",
          "schema": {"type": "boolean", "default": false}
        },
        "timing": {
          "name": "timing", "in": "query", "description": "CSV: whether the answer says how long it took",
          "schema": {"$ref": "#/components/schemas/Timing"}
        },
        "threshold": {
          "name": "threshold", "in": "query", "description": "CSV: of anomalies: how far off is too far",
          "schema": {"$ref": "#/components/schemas/Threshold"}
        }
      },
      "responses": {
        "Unreadable": {
          "description": "the content can't be read; a problem (RFC 9457)",
          "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        },
        "TooLong": {
          "description": "the content is too long; a problem",
          "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        },
        "OtherType": {
          "description": "the content is neither JSON nor CSV; a problem",
          "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        },
        "Unanswerable": {
          "description": "a field can't be answered; a problem that names it",
          "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        },
        "TooLate": {
          "description": "the call's time was over; a problem",
          "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        }
      },
      "schemas": {
        "Timestamp": {
          "description": "ISO 8601, or Unix time; without timestamps the step's index",
          "oneOf": [{"type": "string"}, {"type": "number"}]
        },
        "TimestampOrNull": {"oneOf": [{"$ref": "#/components/schemas/Timestamp"}, {"type": "null"}]},
        "NumberOrNull": {"type": ["number", "null"]},
        "Effort": {"type": "string", "enum": ["quick", "normal", "thorough"], "default": "normal"},
        "Direction": {"type": "string", "enum": ["above", "below"], "default": "above"},
        "Frequency": {"type": "string", "pattern": "^[0-9]*(min|H|D|B|W|M|Q|Y)$"},
        "Horizon": {"type": "integer", "minimum": 1, "maximum": 4000, "default": 30},
        "Horizons": {
          "type": "array", "items": {"$ref": "#/components/schemas/Horizon"}, "minItems": 1, "maxItems": 10
        },
        "Season": {"type": "integer", "minimum": 1, "maximum": 100000},
        "Seasons": {
          "type": "array", "items": {"$ref": "#/components/schemas/Season"}, "minItems": 1, "maxItems": 6
        },
        "Levels": {
          "type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 99}, "minItems": 1, "maxItems": 6,
          "default": [80, 95]
        },
        "Timing": {
          "description": "false leaves milliseconds out, so that equal requests have equal bytes",
          "type": "boolean", "default": true
        },
        "Threshold": {
          "description": "of anomalies: robust standard deviations", "type": "number", "minimum": 1, "default": 4
        },
        "Dates": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {"date": {"type": "string", "format": "date"}, "name": {"type": "string"}},
            "required": ["date"]
          },
          "maxItems": 2000
        },
        "Request": {
          "type": "object", "additionalProperties": false,
          "properties": {
            "series": {
              "type": "array", "items": {"$ref": "#/components/schemas/NumberOrNull"}, "maxItems": 1000000
            },
            "timestamps": {"type": "array", "items": {"$ref": "#/components/schemas/Timestamp"}},
            "frequency": {"$ref": "#/components/schemas/Frequency"},
            "seasonality": {"oneOf": [
              {"$ref": "#/components/schemas/Season"}, {"$ref": "#/components/schemas/Seasons"}
            ]},
            "horizon": {"$ref": "#/components/schemas/Horizon"},
            "horizons": {"$ref": "#/components/schemas/Horizons"},
            "levels": {"$ref": "#/components/schemas/Levels"}, "holidays": {"$ref": "#/components/schemas/Dates"},
            "events": {"$ref": "#/components/schemas/Dates"},
            "capacity": {
              "type": "object",
              "properties": {"limit": {"type": "number"}, "direction": {"$ref": "#/components/schemas/Direction"}},
              "required": ["limit"], "additionalProperties": false
            },
            "what_if": {
              "type": "object",
              "properties": {
                "growth": {"type": "number", "exclusiveMinimum": 0}, "step": {"type": "number"},
                "from": {"$ref": "#/components/schemas/Timestamp"}
              },
              "additionalProperties": false
            },
            "bounds": {
              "type": "object", "properties": {"min": {"type": "number"}, "max": {"type": "number"}},
              "additionalProperties": false
            },
            "explain": {"type": "boolean"}, "effort": {"$ref": "#/components/schemas/Effort"},
            "timing": {"$ref": "#/components/schemas/Timing"},
            "threshold": {"$ref": "#/components/schemas/Threshold"},
            "series_set": {
              "type": "object", "maxProperties": 100,
              "additionalProperties": {"$ref": "#/components/schemas/Request"}
            }
          }
        },
        "Step": {
          "type": "object",
          "properties": {"timestamp": {"$ref": "#/components/schemas/Timestamp"}, "mean": {"type": "number"}},
          "patternProperties": {"^(lo|hi)[0-9]{1,2}$": {"type": "number"}}, "required": ["timestamp", "mean"]
        },
        "Saturation": {
          "type": "object",
          "properties": {
            "date": {"$ref": "#/components/schemas/TimestampOrNull"},
            "earliest": {"$ref": "#/components/schemas/TimestampOrNull"},
            "latest": {"$ref": "#/components/schemas/TimestampOrNull"}, "probability": {"type": "number"},
            "beyond_horizon": {"type": "boolean"}
          }
        },
        "Figures": {
          "type": ["object", "null"],
          "properties": {
            "mase": {"type": "number"}, "smape": {"type": "number"}, "naive_mase": {"type": "number"},
            "folds": {"type": "integer"}
          },
          "patternProperties": {"^coverage[0-9]{1,2}$": {"type": "number"}}
        },
        "Shifts": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {"timestamp": {"$ref": "#/components/schemas/Timestamp"}, "change": {"type": "number"}}
          }
        },
        "Weights": {"type": "object", "additionalProperties": {"type": "number"}},
        "Texts": {"type": "array", "items": {"type": "string"}},
        "Answer": {
          "type": "object",
          "properties": {
            "forecast": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
            "horizons": {
              "type": "object",
              "additionalProperties": {
                "type": "object",
                "properties": {"end": {"type": "number"}, "total": {"type": "number"}, "mean": {"type": "number"}}
              }
            },
            "model": {"type": "string"}, "weights": {"$ref": "#/components/schemas/Weights"},
            "backtest": {"$ref": "#/components/schemas/Figures"},
            "improvement_over_naive": {"$ref": "#/components/schemas/NumberOrNull"},
            "saturation": {"$ref": "#/components/schemas/Saturation"},
            "what_if": {
              "type": "object",
              "properties": {
                "forecast": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
                "saturation": {"$ref": "#/components/schemas/Saturation"}
              }
            },
            "cleaning": {
              "type": "object",
              "properties": {
                "missing": {"type": "integer"},
                "outliers": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {
                      "timestamp": {"$ref": "#/components/schemas/Timestamp"}, "value": {"type": "number"},
                      "replacement": {"type": "number"}
                    }
                  }
                },
                "level_shifts": {"$ref": "#/components/schemas/Shifts"}
              }
            },
            "explanation": {"type": "object"}, "warnings": {"$ref": "#/components/schemas/Texts"},
            "degraded": {
              "type": "boolean", "description": "the clock ended the work: cleaning, or the models in dropped"
            },
            "dropped": {"$ref": "#/components/schemas/Texts"}, "milliseconds": {"type": "number"}
          },
          "required": ["forecast", "model", "weights", "backtest", "cleaning"]
        },
        "EarlierAnswer": {
          "type": "object",
          "properties": {"forecast": {
            "type": "array", "items": {"$ref": "#/components/schemas/Step"}, "minItems": 1
          }},
          "required": ["forecast"], "description": "an answer; of it, the forecast is looked at"
        },
        "Results": {
          "type": "object",
          "properties": {"results": {
            "type": "object",
            "additionalProperties": {"oneOf": [
              {"$ref": "#/components/schemas/Answer"}, {"$ref": "#/components/schemas/Problem"}
            ]}
          }},
          "required": ["results"]
        },
        "Folds": {
          "type": "object",
          "properties": {
            "folds": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "origin": {"$ref": "#/components/schemas/Timestamp"}, "known": {"type": "integer"},
                  "forecast": {"type": "array", "items": {"type": "number"}},
                  "observed": {"type": "array", "items": {"$ref": "#/components/schemas/NumberOrNull"}},
                  "mae": {"type": "number"}
                }
              }
            },
            "metrics": {"$ref": "#/components/schemas/Figures"},
            "weights": {"$ref": "#/components/schemas/Weights"},
            "improvement_over_naive": {"$ref": "#/components/schemas/NumberOrNull"},
            "warnings": {"$ref": "#/components/schemas/Texts"}, "degraded": {"type": "boolean"},
            "dropped": {"$ref": "#/components/schemas/Texts"}
          },
          "required": ["folds", "metrics", "warnings"]
        },
        "Anomalies": {
          "type": "object",
          "properties": {
            "anomalies": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": {
                  "timestamp": {"$ref": "#/components/schemas/Timestamp"}, "index": {"type": "integer"},
                  "value": {"type": "number"}, "expected": {"type": "number"}, "score": {"type": "number"}
                }
              }
            },
            "level_shifts": {"$ref": "#/components/schemas/Shifts"}, "threshold": {"type": "number"},
            "warnings": {"$ref": "#/components/schemas/Texts"},
            "degraded": {"type": "boolean", "description": "there was no time for all seasons"}
          },
          "required": ["anomalies", "level_shifts", "threshold", "warnings"]
        },
        "Drift": {
          "type": "object",
          "properties": {
            "verdict": {"type": "string", "enum": ["stable", "drift"]},
            "direction": {"enum": ["above", "below", null]},
            "since": {"$ref": "#/components/schemas/TimestampOrNull"},
            "detected": {"$ref": "#/components/schemas/TimestampOrNull"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/NumberOrNull"}},
            "cusum": {
              "type": "object",
              "properties": {
                "upper": {"type": "array", "items": {"type": "number"}},
                "lower": {"type": "array", "items": {"type": "number"}}, "limit": {"type": "number"}
              }
            }
          },
          "required": ["verdict", "direction", "since", "detected"]
        },
        "Problem": {
          "type": "object",
          "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
            "detail": {"type": "string"},
            "field": {"type": "string", "description": "the field of the request that is why"},
            "results": {
              "type": "object", "description": "of a set of which no series could be answered: the problem of each",
              "additionalProperties": {"$ref": "#/components/schemas/Problem"}
            }
          },
          "required": ["title", "status"]
        }
      }
    }
    """#
}
