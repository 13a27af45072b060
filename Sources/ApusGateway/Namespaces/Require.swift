import ApusStore

/// Refuses a namespace that is not there, so that a misspelt one does not look empty.
///
/// 400 and not 404, as providers of OpenFaaS answer: it is the question that is wrong.
func require(_ namespace: String, in store: CatalogStore) async throws(APIError) {
  guard try await stored({ () throws(StoreError) in try store.namespace(namespace) }) == nil else { return }
  throw APIError(
    status: 400, "no-namespace",
    "there is no namespace \(namespace): create it first (apus namespace create \(namespace)), or correct the name")
}
