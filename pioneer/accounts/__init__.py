"""账号 Accounts: users, grants of a role at an organisation, printed slips."""
