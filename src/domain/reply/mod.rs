//! Replies 答复 (Regulation Arts 36–41): what can be decided, what a decision must say, and what it makes of the case.
//!
//! [`outcome`] owns the leaves of table 三 and the outcomes of a correction, [`item`] one item of a draft reply and its
//! checks, [`hints`] what an item could say besides, [`draft`] what several items make together, [`remedy`] the remedies to tell, [`reference`] the list of all
//! this for clients. None of them knows states, people or dates of the case.

pub mod draft;
pub mod hints;
pub mod item;
pub mod outcome;
pub mod reference;
pub mod remedy;

pub use draft::{
    SecrecyVerdict, carried_items, case_outcome, check_items, items_without_release, legal_pass_stands,
    needs_legal_pass,
};
pub use hints::{Hint, HintCode, hints};
pub use item::{CompetentAgency, ItemReferences, ReplyItem};
pub use outcome::{CaseKind, Group, Outcome, OutcomeCause, RequiredField};
pub use reference::{OutcomeReference, outcome_reference};
pub use remedy::RemedyClass;
