import ApusModel

extension Statement {
  func functionName(name: CInt, namespace: CInt) throws(StoreError) -> FunctionName {
    let (name, namespace) = (try text(name), try text(namespace))
    do {
      return try FunctionName(name: name, namespace: namespace)
    } catch {
      throw StoreError(.corrupt, "the state holds a wrong name", meaning: "\(error)", advice: StoreError.corruptAdvice)
    }
  }

  func secretName(_ column: CInt) throws(StoreError) -> SecretName {
    let text = try text(column)
    do {
      return try SecretName(text)
    } catch {
      throw StoreError(.corrupt, "the state holds a wrong name", meaning: "\(error)", advice: StoreError.corruptAdvice)
    }
  }
}
