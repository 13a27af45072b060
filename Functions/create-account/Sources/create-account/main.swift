import ApusAccountsHTTP
import CreateAccount

AccountFunction.serve(CreateAccount.handler)
