import ApusArtefacts
import Testing

@Suite struct `The name of an artefact` {
  @Test(arguments: [
    ("hello", "hello", "latest"), ("hello:latest", "hello", "latest"), ("hello:1.2", "hello", "1.2"),
    ("ghcr.io/x/hello:1.2", "hello", "1.2"), ("localhost:5000/hello", "hello", "latest"),
    ("localhost:5000/hello:1", "hello", "1"), ("functions/figlet", "figlet", "latest"),
    ("a_b.c-d__e---f:_X.y-Z", "a_b.c-d__e---f", "_X.y-Z"), ("0", "0", "latest"),
    ("Registry.Example:443/x/y:1", "y", "1"),
    (
      String(repeating: "a", count: 128) + ":" + String(repeating: "1", count: 128),
      String(repeating: "a", count: 128), String(repeating: "1", count: 128)
    ),
  ])
  func `is the last part of an image`(image: String, name: String, tag: String) throws {
    let artefact = try ArtefactName(image: image)
    #expect(artefact.name == name)
    #expect(artefact.tag == tag)
    #expect(artefact.namespace == "openfaas-fn")
    #expect(try ArtefactName(image: artefact.image) == artefact)
    #expect(try ArtefactName(name: name, tag: tag, namespace: "") == artefact)
  }

  @Test(arguments: [
    "", ":", ":1", "hello:", "hello:.", "hello:-1", "hello:a b", "hello:a/b:c/d:", "Hello", "hel lo", "-a", "a-",
    "a..b",
    "a___b", "a._b", ".a", "..", ".", "./hello", "../hello", "/usr/bin/env", "a//b", "a/", "a/../b", "hello@sha256:00",
    "file:///hello", "a:b:c", "é", "hello\n", "hello\0", "A/b", "a/B/c",
    String(repeating: "a", count: 129), "a:" + String(repeating: "1", count: 129),
    String(repeating: "a/", count: 256) + "a",
  ])
  func `is refused when it could be a path or is spelled otherwise`(image: String) {
    #expect(throws: ArtefactNameError.self) { try ArtefactName(image: image) }
  }

  @Test(arguments: ["", ".", "..", "a/b", "a:1", "A"]) func `is refused alone, too`(name: String) {
    #expect(throws: ArtefactNameError.self) { try ArtefactName(name: name) }
  }

  @Test(arguments: ["Dev", "..", "a/b", ".content", "a.b"]) func `lives in a namespace`(namespace: String) {
    #expect(throws: ArtefactNameError.self) { try ArtefactName(image: "hello", namespace: namespace) }
  }

  @Test func `is shown without the default namespace only`() throws {
    #expect(try ArtefactName(image: "x/hello").description == "hello:latest")
    #expect(try ArtefactName(image: "hello:1", namespace: "dev").description == "hello:1 (namespace dev)")
  }

  @Test(arguments: [
    ("/bin/sh", #"the image "/bin/sh" looks like a path: "#), ("a@sha256:1", "names content by digest: "),
    ("a..b", #"cannot have ".." there; use lower-case"#), ("hello:", #"the tag "" is not one; use up to 128"#),
  ])
  func `is refused with a reason and advice`(image: String, part: String) {
    let error = #expect(throws: ArtefactNameError.self) { try ArtefactName(image: image) }
    let text = error?.description ?? ""
    #expect(text.contains(part))
  }
}
