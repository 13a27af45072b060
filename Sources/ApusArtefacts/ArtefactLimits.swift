/// What an artefact may have at most, with the reason for each number.
///
/// Who uploads holds the scope deploy, so these guard against accidents and stolen tokens, not against the public.
package struct ArtefactLimits: Equatable, Sendable {
  /// Files and folders, those included that only a longer path implies. A Python or Node function with its packages has
  /// some thousands; each costs its path in memory while the archive is read.
  package var entries = 20_000
  /// One file. Programs have megabytes, models hundreds of them.
  package var fileBytes = 512 << 20
  /// All files together: as much as a message may carry.
  package var totalBytes = 1 << 30
  /// A path, so that with the store's folder before it it stays below PATH_MAX (4096).
  package var pathBytes = 1024
  /// Folders in each other; a tree is removed with one open descriptor a level.
  package var depth = 64
  /// A pax header or a GNU long name: a path, and attributes that are passed over.
  package var extensionBytes = 64 << 10
  /// Zeros after the end: tar fills its last record, 10 KiB by default.
  package var trailingBytes = 1 << 20
  /// Uploads at once: together with `totalBytes`, how much disk unfinished uploads can hold.
  package var uploads = 8

  package init() {}
}
