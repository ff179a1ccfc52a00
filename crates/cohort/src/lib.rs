//! From a survey file to a checked table, with a ledger of what was changed or excluded.
