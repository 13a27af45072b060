import ApusArtefacts
import ApusDeployment
import ApusHTTP
import ApusIO
import ApusJSON
import ApusModel

/// `GET /system/volumes?namespace=`: the volumes of a namespace, with what is in them and who uses them.
struct VolumesEndpoint: Endpoint {
  let store: VolumeStore
  let functions: FunctionTable

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let namespace = try call.namespace()
    let entries = try await volume { [store] () throws(VolumeError) in try store.list(namespace: namespace) }
    let list = entries.map { entry in
      JSON.object([
        ("name", .string(entry.name)), ("namespace", .string(namespace)), ("files", .integer(Int64(entry.files))),
        ("bytes", .integer(Int64(entry.bytes))),
        (
          "functions",
          .array(functions.users(of: entry.name, namespace: namespace).map { .string($0.name) })
        ),
      ])
    }
    return try .json(.array(list))
  }
}

/// `GET /system/volumes/NAME?namespace=&path=`: a file as it is, a folder as a tar archive.
struct VolumeGetEndpoint: StreamingEndpoint {
  let store: VolumeStore

  func answer(_ call: APICall, _ exchange: Exchange) async throws(APIError) -> APIAnswer {
    let name = try call.volumeName()
    let path = call.query["path"]
    let content = try await volume { [store] () throws(VolumeError) in try VolumeContent(name, path, in: store) }
    switch content {
    case .file(let file, let byteCount): try await send(file, byteCount, exchange)
    case .folder(let folder): try await send(folder, exchange)
    }
    return .sent
  }

  private func send(_ file: OpenFile, _ byteCount: Int, _ exchange: Exchange) async throws(APIError) {
    var head = ResponseHead()
    try? head.fields.append(.contentType, "application/octet-stream")
    do {
      try exchange.start(head, length: UInt64(byteCount))
      var offset = 0
      while offset < byteCount {
        let block = try await offload { [offset] in try file.read(min(256 << 10, byteCount - offset), at: offset) }
        guard !block.isEmpty else { break }
        try await exchange.write(block)
        offset += block.count
      }
      // Cut meanwhile: then the connection ends instead, and the answer does not look whole.
      if offset == byteCount { try await exchange.finish() }
    } catch {
      exchange.closeAfterwards()
    }
  }

  private func send(_ folder: OpenFolder, _ exchange: Exchange) async throws(APIError) {
    let plan = try await volume { () throws(VolumeError) in
      do throws(SystemError) {
        return try TreePlan(of: folder.folder, below: "")
      } catch {
        throw .system(error)
      }
    }
    do {
      var archive = try ArchiveStream(exchange, copies: nil, leftOut: plan.leftOut.count)
      try await archive.add(plan, from: folder, skipping: 0)
      try await archive.finish()
    } catch {
      exchange.closeAfterwards()
    }
  }
}

/// `PUT /system/volumes/NAME?namespace=&path=`: the body as a file at the path; as `application/x-tar`, the files of an
/// archive below it.
struct VolumePutEndpoint: StreamingEndpoint {
  let store: VolumeStore

  func answer(_ call: APICall, _ exchange: Exchange) async throws(APIError) -> APIAnswer {
    let name = try call.volumeName()
    let path = call.query["path"] ?? ""
    let isArchive = exchange.head.fields[.contentType]?.hasPrefix("application/x-tar") ?? false
    let intake = try await volume { [store] () throws(VolumeError) in
      try VolumeIntake(name, path, isArchive: isArchive, in: store)
    }
    do {
      while let bytes = try await exchange.readBody() {
        // Copied, because the disk's thread may not have what the connection lends.
        let piece = [UInt8](bytes)
        try await offload { try intake.take(piece) }
      }
      let (files, bytes) = try await offload { try intake.finish() }
      return try .json(.object([("files", .integer(Int64(files))), ("bytes", .integer(Int64(bytes)))]))
    } catch let error as APIError {
      throw error
    } catch let error as HTTPError {
      throw APIError(error)
    } catch let error as VolumeError {
      throw APIError(error)
    } catch {
      throw APIError(status: 500, "volume", "\(error)")
    }
  }
}

/// `DELETE /system/volumes/NAME?namespace=&path=`: what is at the path; without one, the volume, if nobody uses it.
struct VolumeRemoveEndpoint: Endpoint {
  let store: VolumeStore
  let functions: FunctionTable

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let name = try call.volumeName()
    let path = call.query["path"].flatMap { $0.isEmpty ? nil : $0 }
    if path == nil {
      let users = functions.users(of: name.name, namespace: name.namespace)
      guard users.isEmpty else { throw APIError(VolumeError.inUse(name, by: users)) }
    }
    try await volume { [store] () throws(VolumeError) in try store.remove(name, path) }
    return .accepted
  }
}

extension APICall {
  fileprivate func volumeName() throws(APIError) -> VolumeName {
    do throws(NameError) {
      return try VolumeName(rest, namespace: try namespaceOrDefault())
    } catch {
      throw APIError(VolumeError.name(error))
    }
  }

  private func namespaceOrDefault() throws(NameError) -> String {
    query["namespace"].flatMap { $0.isEmpty ? nil : $0 } ?? FunctionName.defaultNamespace
  }
}

extension FunctionTable {
  /// Those deployed functions that name the volume.
  func users(of volume: String, namespace: String) -> [FunctionName] {
    all.filter { function in
      function.name.namespace == namespace
        && function.generation?.policy.replica.volumes.contains { $0.name == volume } == true
    }.map(\.name).sorted { $0.name < $1.name }
  }
}

/// Runs `work` on the disk away from the loop, and says what went wrong as the API does.
private func volume<Value: Sendable>(
  _ work: @escaping @Sendable () throws(VolumeError) -> Value
) async throws(APIError) -> Value {
  do {
    return try await offload { try work() }
  } catch let error as VolumeError {
    throw APIError(error)
  } catch {
    throw APIError(status: 500, "volume", "\(error)")
  }
}
