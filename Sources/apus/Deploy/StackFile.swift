import ApusCommandLine
import ApusIO
import ApusStack
import Glibc

/// The stack that a command is about, read and complained of.
enum StackFile {
  static let option = Option.value("file", short: "f", .file(), default: "stack.yml", help: "The stack to deploy")

  /// Prints every diagnosis; if one is an error there is no stack.
  static func read(_ path: String) throws -> Stack {
    guard access(path, R_OK) == 0 else {
      throw CommandError(
        "can't read \(path): \(String(cString: strerror(errno)))."
          + " Run apus in the folder of a stack.yml, or name one with -f")
    }
    do throws(StackError) {
      // Swift functions are built here and need no template; the others' programs are stored already.
      let stack = try Stack.read(
        path: path, environment: ProcessEnvironment.current().values, readsTemplates: false)
      for warning in stack.warnings { Terminal.note("\(warning)") }
      return stack
    } catch {
      Terminal.note("\(error)")
      throw ExitStatus(1)
    }
  }

  /// The folder from which the stack's paths are counted.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
