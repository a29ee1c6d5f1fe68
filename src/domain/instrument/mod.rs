//! Instruments (文书): the numbered papers that the steps of the procedure leave (Arts 30–42, 45).
//!
//! [`code`] names them, [`catalog`] is the one table of what each is, [`issued`] is what the log of a case says of one that
//! was issued, [`numbers`] is the arithmetic of their numbers (发文字号). What they say and how they look is `crate::papers`.

pub mod catalog;
pub mod code;
pub mod issued;
pub mod numbers;
