//! The store on both databases: transactions, races, the commands of operators, backups.

mod backup;
mod group_commit;
pub mod maintenance;
mod migrations;
mod plans;
mod races;
mod transactions;
