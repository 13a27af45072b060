/// A new function in bash that is a container image as well.
struct DockerfileTemplate: FunctionTemplate {
  let name: String
  let commands: TemplateCommands

  var stackLines: [String] {
    [
      "lang: dockerfile", "fprocess: bash handler.sh", "environment:", "  mode: streaming",
      "  content_type: text/plain",
    ]
  }

  var files: [TemplateText] {
    [
      TemplateText(path: "Dockerfile", text: Self.dockerfile),
      TemplateText(path: "handler.sh", text: BashTemplate.source, isExecutable: true),
      TemplateText(path: "README.md", text: readme),
    ]
  }

  private static let dockerfile = """
    # A container image of the function, for Kubernetes and OpenFaaS. `apus up` needs none.
    FROM debian:12-slim
    # The program lies beside `apus`; it is static: cp "$(command -v apus-watchdog)" .
    COPY apus-watchdog /usr/bin/fwatchdog
    WORKDIR /home/app
    COPY handler.sh .
    RUN useradd --uid 10001 --no-create-home app
    USER 10001
    ENV fprocess="bash handler.sh" mode=streaming content_type=text/plain
    EXPOSE 8080
    HEALTHCHECK --interval=3s CMD ["/usr/bin/fwatchdog", "--run-healthcheck"]
    CMD ["/usr/bin/fwatchdog"]

    """

  private var readme: String {
    """
    # \(name)

    A function for Apus in bash, made by `apus new`. handler.sh is the whole of it.

    \(commands.text())

    As a container image, which is the same function behind the same program:

        cp "$(command -v apus-watchdog)" . && docker build -t \(name) .

    """
  }
}
