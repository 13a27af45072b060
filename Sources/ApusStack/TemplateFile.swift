/// What a template's template.yml holds that matters when its function is deployed.
struct TemplateFile {
  var process: String?
  var problem: String?
}
