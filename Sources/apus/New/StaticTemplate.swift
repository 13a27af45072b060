/// A new static site: no program at all.
struct StaticTemplate: FunctionTemplate {
  let name: String
  let commands: TemplateCommands

  var stackLines: [String] { ["lang: static", "environment:", "  mode: static"] }

  var files: [TemplateText] {
    [TemplateText(path: "public/index.html", text: page), TemplateText(path: "README.md", text: readme)]
  }

  private var page: String {
    """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <title>\(name)</title>
    <h1>Hello from \(name)</h1>
    </html>

    """
  }

  private var readme: String {
    """
    # \(name)

    A static site for Apus, made by `apus new`: what lies in public/ is served, and nothing else. A file with .gz or
    .br at the end of its name beside one without is sent in its stead to whoever takes it. Links within the pages
    should be relative, since the site is at /function/\(name)/.

    \(commands.text("-X GET"))

    """
  }
}
