import ApusIO
import ApusJSON
import ApusLauncher

/// Which layers of isolation replicas have.
enum IsolationFindings {
  /// As a gateway reports them in `/system/info`.
  static func of(_ report: JSON) -> [Finding] {
    (report.objectValue ?? []).map { layer, state in
      let text = state.stringValue ?? ""
      return finding(layer, isInForce: text == "in force", text == "in force" ? "\(layer): in force" : text)
    }
  }

  /// As far as this user can try them without a gateway. One may have more: it arranges its cgroups first.
  static func probed() -> [Finding] {
    IsolationSupport.probe().lines.map { finding($0.layer.rawValue, isInForce: $0.isInForce, $0.text) }
  }

  private static func finding(_ layer: String, isInForce: Bool, _ text: String) -> Finding {
    let subject = "isolation"
    // Only a way to the others, of which root has no need.
    if isInForce || layer == Isolation.Layer.users.rawValue { return .ok(subject, text) }
    if text.hasPrefix("off:") {
      return .wrong(subject, "\(layer): \(text)", "Start the gateway without --no-isolation")
    }
    return .warning(subject, text, "docs/THREATS.md says what that means; root, or user namespaces, may give it")
  }
}
