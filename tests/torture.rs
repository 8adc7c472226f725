//! Faults, round after round, against the real agent while real commands write to it. After every fault the vault is
//! opened, everything in it is read and compared with what had been acknowledged, and the audit chain is verified.
//!
//! `make test` runs some rounds of each fault, `make torture` (`BEDSIDE_TORTURE=full`) many. A round that fails says
//! its seed, which `BEDSIDE_TORTURE_SEED` takes, and keeps its folder. Each fault adds its row to a table that is
//! printed at the end.

mod chance;
mod clinic;
mod disk;
mod index;
mod journal;
mod keys;
mod kill;
mod ledger;
mod owners;
mod power;
mod prepared;
mod row;
mod spool;
mod tape;
mod writer;
