//! The workflow of a case (办理流程): state machine, permission matrix and log in one.
//!
//! [`table`] says who may do what when; one file per topic holds its law: the fields of its actions, what is checked, the
//! conditions and days, what is decided, what is told to the log, and what that makes of the case. [`catalog`] lists them,
//! [`dispatch`] makes commands and events from the list. [`Case::apply`] is the only way to a changed case. Nothing here
//! knows a database, the network or the wall clock: the day, the law and what must be looked up come in [`Context`].
//!
//! | topic | Articles | actions |
//! |---|---|---|
//! | [`intake`] | 29, 31 | contact, confirmation, receipt, end without receipt |
//! | [`defect`] | 29, 30 | none: what an application lacks |
//! | [`parts`] | 国办函〔2020〕109号 4 | split, merge |
//! | [`ownership`] | 4 | take, hand over |
//! | [`review`] | 29, 2, 10, 36 | formal and substantive review |
//! | [`amendment`] | 30 | request, receive, lapse, reopen |
//! | [`assignment`] | 36(4), 45 | assign, answer, return |
//! | [`consultation`] | 32, 34 | third party, agency, opinion, end, notice of release |
//! | [`notice`] | 30, 32, 35 | delivery of notices |
//! | [`reasons`] | 35 | reasons, later date |
//! | [`extension`] | 33(2) | propose, approve, reject |
//! | [`fee_notice`] | 国办函〔2020〕109号 | notice, payment, lapse |
//! | [`draft`] | 36–41, 17 | draft, secrecy review |
//! | [`editing`] | 17, 45 | the draft as the office edited it |
//! | [`approval`] | 4, 17 | legal review, signature |
//! | [`delivery`] | 36, 235号 | issue, dispatch, delivery |
//! | [`spot`] | 33 | reply on the spot |
//! | [`changes`] | 29, 45 | new address, parties, what is given up |
//! | [`ending`] | 45 | withdraw, archive |
//! | [`revocation`] | 30, 45 | take an ending back, replace a reply |
//! | [`remedy`] | 51 | file, decide |
//! | [`voiding`] | 45 | void a remedy entered by mistake |
//! | [`cancellation`] | 45 | cancel an instrument |
//! | [`force_majeure`] | 33 | note what kept the agency from working |
//! | [`identity`] | 29 | verify who somebody is, join, part |
//! | [`papers`] | 45 | papers that come by themselves |
//! | [`correction`] | 45 | propose, confirm, reject |

pub mod amendment;
mod apply;
pub mod approval;
pub mod assignment;
pub mod attached;
pub mod author;
pub mod cancellation;
pub mod catalog;
pub mod changed;
pub mod changes;
pub mod check;
pub mod consultation;
mod context;
pub mod correction;
mod dates;
pub mod defect;
pub mod delivery;
pub mod diagram;
pub mod dispatch;
pub mod draft;
pub mod editing;
pub mod ending;
pub mod evidence;
pub mod extension;
pub mod fee_notice;
pub mod force_majeure;
pub mod guard;
pub mod identities;
pub mod identity;
pub mod intake;
pub mod letter;
pub mod lists;
mod log;
pub mod notice;
pub mod ownership;
pub mod papers;
pub mod parts;
pub mod people;
pub mod progress;
pub mod reasons;
pub mod refusals;
pub mod remedy;
mod replay;
pub mod retention;
pub mod review;
pub mod reviewed;
pub mod revocation;
mod risks;
pub mod sent;
mod split;
pub mod spot;
pub mod state;
mod step;
pub mod sub;
pub mod submission;
pub mod table;
pub mod unreadable;
pub mod voiding;

pub use crate::domain::law::Law;
pub use apply::{ActionOption, Applied, Case};
pub use attached::DocumentAttached;
pub use author::Author;
pub use catalog::Action;
pub use context::{Context, Lookups, MergeTarget, OtherApplication, Who};
pub use dispatch::{Command, Event, Instruction, action_of};
pub use lists::{Projection, Queue};
pub use log::{BrokenLog, LateEntry, LoggedEvent};
pub use state::{CaseData, State};
pub use submission::Submission;
