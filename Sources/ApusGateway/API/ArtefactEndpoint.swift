import ApusArtefacts
import ApusHTTP
import ApusIO
import ApusJSON

/// `PUT /system/artefacts/NAME?namespace=&tag=`: takes a tar archive as it comes, and answers its hash.
struct ArtefactEndpoint: StreamingEndpoint {
  let artefacts: ArtefactStore

  func answer(_ call: APICall, _ exchange: Exchange) async throws(APIError) -> APIAnswer {
    let upload = try begin(call)
    do {
      while let bytes = try await exchange.readBody() {
        // Copied, because the disk's thread may not have what the connection lends.
        let piece = [UInt8](bytes)
        try await offload { try piece.withUnsafeBytes { try upload.write($0) } }
      }
      let stored = try await offload { try upload.finish() }
      return try .json(
        .object([
          ("name", .string("\(stored.name)")), ("sha256", .string(stored.sha256.hex)),
          ("bytes", .integer(Int64(stored.byteCount))),
        ]))
    } catch let error as APIError {
      throw error
    } catch let error as HTTPError {
      throw APIError(error)
    } catch let error as ArtefactError {
      throw APIError(error)
    } catch {
      throw APIError(status: 500, "artefact", "\(error)")
    }
  }

  private func begin(_ call: APICall) throws(APIError) -> ArtefactUpload {
    do {
      let name = try ArtefactName(name: call.rest, tag: call.query["tag"], namespace: call.query["namespace"])
      return try artefacts.begin(name)
    } catch let error as ArtefactError {
      throw APIError(error)
    } catch {
      throw APIError(status: 400, "bad-artefact", "\(error)")
    }
  }
}
