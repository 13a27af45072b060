package import ApusArtefacts
package import ApusLogs
package import ApusStore

/// What a gateway keeps in its folder: opened once, at the start.
package struct GatewayState: Sendable {
  package let database: Database
  package let catalog: CatalogStore
  package let secrets: SecretStore
  package let artefacts: ArtefactStore
  package let logs: LogStore
  package let account: AdminAccount

  /// The gateway's whole folder: the database lies in `state` of it.
  var folder: String {
    "/" + database.path.split(separator: "/").dropLast(2).joined(separator: "/")
  }

  package init(
    _ database: Database, _ box: SealedBox, _ artefacts: ArtefactStore, _ logs: LogStore,
    _ account: AdminAccount
  ) {
    self.database = database
    catalog = CatalogStore(database)
    secrets = SecretStore(database, box)
    self.artefacts = artefacts
    self.logs = logs
    self.account = account
  }
}
