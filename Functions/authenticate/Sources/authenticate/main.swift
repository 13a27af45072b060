import ApusAccountsHTTP
import Authenticate

AccountFunction.serve(Authenticate.handler)
