/// A type that encodes no key twice, so that the check for it can be left out where it would cost a sort.
protocol UniquelyKeyed {}

extension Dictionary: UniquelyKeyed where Key == String {}
