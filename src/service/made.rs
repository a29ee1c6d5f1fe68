//! What an action just left on paper.

use crate::domain::instrument::code::InstrumentCode;
use crate::domain::words::ids::InstrumentId;

/// An instrument that was just made.
#[derive(Debug, Clone)]
pub struct Made {
    pub id: InstrumentId,
    pub code: InstrumentCode,
    pub number: Option<String>,
    /// Its day lies before that of the number before it.
    pub out_of_order: bool,
    pub on_paper: bool,
    /// Whether its files are made before the answer.
    pub due: bool,
}
