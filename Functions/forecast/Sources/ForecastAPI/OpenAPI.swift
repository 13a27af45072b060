/// The interface as OpenAPI 3.1 has it.
enum OpenAPI {
  static let document = #"""
    {
      "openapi": "3.1.0",
      "info": {"title": "forecast", "version": "1", "description": "Capacity planning with honest intervals."},
      "paths": {
        "/": {"post": {
          "summary": "Forecast a series, or a set of them",
          "requestBody": {"$ref": "#/components/requestBodies/Series"},
          "parameters": [\#(parameters(CSVOption.ofForecasts))],
          "responses": {
            "200": {
              "description": "the answer",
              "content": {
                "application/json": {"schema": {"oneOf": [
                  {"$ref": "#/components/schemas/Answer"}, {"$ref": "#/components/schemas/Results"}
                ]}},
                "image/svg+xml": {"schema": {"type": "string"}}
              }
            },
            \#(refusals)
          }
        }},
        "/backtest": {"post": {
          "summary": "What would have been forecast from several points of the past",
          "requestBody": {"$ref": "#/components/requestBodies/Series"},
          "parameters": [\#(parameters(CSVOption.ofBacktests))],
          "responses": {
            "200": {
              "description": "the folds",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Folds"}}}
            },
            \#(refusals)
          }
        }},
        "/anomalies": {"post": {
          "summary": "Values that neighbours and season do not let expect",
          "requestBody": {"$ref": "#/components/requestBodies/Series"},
          "parameters": [\#(parameters(CSVOption.ofAnomalies))],
          "responses": {
            "200": {
              "description": "what was found",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Anomalies"}}}
            },
            \#(refusals)
          }
        }},
        "/drift": {"post": {
          "summary": "Whether new observations leave an earlier forecast",
          "requestBody": {
            "required": true,
            "content": {"application/json": {"schema": {
              "type": "object",
              "properties": {
                "answer": {"$ref": "#/components/schemas/EarlierAnswer"},
                "observed": {"type": "array", "items": {"$ref": "#/components/schemas/NumberOrNull"}}
              },
              "required": ["answer", "observed"], "additionalProperties": false
            }}}
          },
          "responses": {
            "200": {
              "description": "the verdict",
              "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Drift"}}}
            },
            \#(refusals)
          }
        }},
        "/openapi.json": {"get": {
          "summary": "This document",
          "responses": {"200": {"description": "OpenAPI 3.1", "content": {"application/json": {}}}}
        }}
      },
      "components": \#(components)
    }
    """#

  private static func parameters(_ options: [CSVOption]) -> String {
    options.map { ##"{"$ref": "#/components/parameters/\##($0.rawValue)"}"## }.joined(separator: ", ")
  }

  private static let refusals = #"""
    "400": {"$ref": "#/components/responses/Unreadable"}, "413": {"$ref": "#/components/responses/TooLong"},
    "415": {"$ref": "#/components/responses/OtherType"}, "422": {"$ref": "#/components/responses/Unanswerable"},
    "504": {"$ref": "#/components/responses/TooLate"}
    """#
}
