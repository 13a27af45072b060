/// A new function in bash: a program for each call.
struct BashTemplate: FunctionTemplate {
  let name: String
  let commands: TemplateCommands

  var stackLines: [String] {
    ["lang: bash", "fprocess: bash handler.sh", "environment:", "  mode: streaming", "  content_type: text/plain"]
  }

  var files: [TemplateText] {
    [
      TemplateText(path: "handler.sh", text: Self.source, isExecutable: true),
      TemplateText(path: "README.md", text: readme),
    ]
  }

  /// For containers, too.
  static let source = """
    #!/usr/bin/env bash
    # Runs once for each call: its input is the call's body, and what it prints is the answer, as it comes. A status
    # other than 0 before it has printed anything is a 500; what it prints on standard error is in the log.
    # Variables tell of the request: Http_Method, Http_Path, Http_Query, and its fields, as Http_Content_Type.

    name=$(cat)
    echo "Hello, ${name:-World}!"

    """

  private var readme: String {
    """
    # \(name)

    A function for Apus in bash, made by `apus new`. handler.sh is the whole of it.

    \(commands.text())

    """
  }
}
