/// What the state may hold, each with its reason.
package enum StoreLimits {
  /// A secret's value, in bytes. The largest that Kubernetes takes, and what the SDK reads.
  package static let secretBytes = 1 << 20
  /// Versions kept of a secret: the newest, and the one that replicas may still be given while they roll over.
  package static let secretVersions = 2
  /// Keys in one key file: the one that seals, and those of a few rotations. More means that it is not a key file.
  package static let keys = 16
  /// A deployment, in bytes of JSON: 64 KiB is a hundred times a large one, and a row stays cheap to read.
  package static let deploymentBytes = 1 << 16
  /// The labels or annotations of a namespace, in bytes of JSON, as Kubernetes limits annotations (256 KiB).
  package static let namespaceBytes = 1 << 18
  /// Tokens that have not expired. People and pipelines have one each; thousands are a loop that forgot to revoke.
  package static let tokens = 1_000
  /// How long an expired token is still listed, so that its owner can see why it stopped: 30 days in seconds.
  package static let expiredTokenSeconds: Int64 = 30 * 86_400
  /// How exact a token's last use is: one write in ten minutes instead of one a call.
  package static let tokenUseSeconds: Int64 = 600
  /// How often the folder's lock is tried while the process that took it is dead: for two seconds in all, when what it
  /// was starting takes some milliseconds.
  static let deadHolderAttempts = 400
  /// In microseconds.
  static let deadHolderPause: UInt32 = 5_000
  /// Entries of the audit: some 20 MB, and years of deployments.
  package static let auditEntries: Int64 = 100_000
  /// One text of an audit entry, in bytes; longer ones are cut.
  package static let auditTextBytes = 512
  /// Prepared statements that a connection keeps. All of ours fit; SQL made up at run time can't fill memory.
  package static let statements = 128
  /// How long a statement waits for another program that holds the file, in milliseconds.
  package static let busyMilliseconds: Int32 = 5_000
  /// Size to which SQLite cuts its log after writing it back, in bytes.
  package static let logBytes = 16 << 20
}
