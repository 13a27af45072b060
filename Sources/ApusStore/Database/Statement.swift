import CSQLite
import Glibc

/// A compiled SQL statement, and the row at which it stands; its end gives it back to the connection.
///
/// Never keep one beyond the transaction that it was made in.
package struct Statement: ~Copyable {
  private let handle: OpaquePointer
  private let sql: String
  private let connection: Connection

  init(_ handle: OpaquePointer, sql: String, of connection: Connection) {
    self.handle = handle
    self.sql = sql
    self.connection = connection
  }

  deinit {
    connection.giveBack(handle, sql: sql)
  }

  /// Sets all parameters, in the order of the question marks.
  package func bind(_ values: [Value]) throws(StoreError) {
    guard Int(sqlite3_bind_parameter_count(handle)) == values.count else {
      throw misuse("has another number of parameters than \(values.count)")
    }
    for (index, value) in values.enumerated() {
      let code = bind(value, at: CInt(index + 1))
      guard code == SQLITE_OK else { throw connection.failure(code, "bind a value for") }
    }
  }

  private func bind(_ value: Value, at index: CInt) -> CInt {
    switch value {
    case .null: return sqlite3_bind_null(handle, index)
    case .integer(let integer): return sqlite3_bind_int64(handle, index, integer)
    case .real(let real): return sqlite3_bind_double(handle, index, real)
    case .text(var text):
      return text.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { apus_bind_text(handle, index, $0.baseAddress, UInt64($0.count)) }
      }
    case .bytes(let bytes):
      return bytes.withUnsafeBytes { apus_bind_blob(handle, index, $0.baseAddress, UInt64($0.count)) }
    }
  }

  /// Goes to the next row; false when there is none.
  package func step() throws(StoreError) -> Bool {
    errno = 0
    let code = sqlite3_step(handle)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw connection.failure(code, "use")
    }
  }

  package func isNull(_ column: CInt) -> Bool {
    sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  package func integer(_ column: CInt) throws(StoreError) -> Int64 {
    try expect(SQLITE_INTEGER, column)
    return sqlite3_column_int64(handle, column)
  }

  package func real(_ column: CInt) throws(StoreError) -> Double {
    try expect(SQLITE_FLOAT, column)
    return sqlite3_column_double(handle, column)
  }

  package func text(_ column: CInt) throws(StoreError) -> String {
    try expect(SQLITE_TEXT, column)
    // The text before its length: asking for it may convert it (sqlite3_column_bytes).
    guard let bytes = sqlite3_column_text(handle, column) else { throw connection.failure(SQLITE_NOMEM, "read") }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  package func bytes(_ column: CInt) throws(StoreError) -> [UInt8] {
    try expect(SQLITE_BLOB, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    if count == 0 { return [] }
    guard let bytes = sqlite3_column_blob(handle, column) else { throw connection.failure(SQLITE_NOMEM, "read") }
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  package func integerOrNull(_ column: CInt) throws(StoreError) -> Int64? {
    isNull(column) ? nil : try integer(column)
  }

  package func textOrNull(_ column: CInt) throws(StoreError) -> String? {
    isNull(column) ? nil : try text(column)
  }

  /// Our tables are STRICT, so another type is another table, or damage.
  private func expect(_ type: CInt, _ column: CInt) throws(StoreError) {
    guard sqlite3_column_type(handle, column) == type else {
      throw StoreError(
        .corrupt, "could not read \(connection.path)",
        meaning: "column \(column) of “\(sql)” does not hold what was written", advice: StoreError.corruptAdvice)
    }
  }

  private func misuse(_ reason: String) -> StoreError {
    StoreError(.misuse, "“\(sql)” \(reason)", advice: "This is a defect of the program: report it")
  }
}
