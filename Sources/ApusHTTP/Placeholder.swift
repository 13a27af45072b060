package import ApusIO
func f(_ b: inout Buffer) { b.append("x") ; b.append(5); b.append([1,2]); b.append("a" as String)}
