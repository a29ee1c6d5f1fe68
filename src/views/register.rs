//! The register of numbers as people of an agency see it (发文登记簿).

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::instrument::{
    AddresseeView, CancelledView, InstrumentNote, InstrumentNoteCode, InstrumentStatus, addressee_view,
};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::words::ids::{CaseId, InstrumentId};
use crate::service::register::Line;

/// A line of the register: a number that was given, or numbers that were passed over.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisterLine {
    #[schema(examples(12))]
    pub ordinal: i64,
    /// Of numbers that were passed over, the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_ordinal: Option<i64>,
    /// Why they were passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("自备份恢复，恢复前可能已经编出的号码不再使用"))]
    pub passed_over_because: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<RegisteredInstrument>,
}

/// The instrument that a number was given to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegisteredInstrument {
    pub id: InstrumentId,
    #[schema(examples("云政公开〔2026〕12号"))]
    pub number: Option<String>,
    pub code: InstrumentCode,
    #[schema(examples("补正告知书"))]
    pub name: &'static str,
    pub case_id: CaseId,
    #[schema(examples("CXFB-2026-00012"))]
    pub case_number: String,
    pub addressee: AddresseeView,
    pub issued_on: NaiveDate,
    pub status: InstrumentStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<CancelledView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<InstrumentNote>,
}

impl From<Line> for RegisterLine {
    fn from(line: Line) -> Self {
        let ordinal = line.ordinal();
        match line {
            Line::PassedOver(gap) => Self {
                ordinal,
                first_ordinal: Some(gap.first),
                passed_over_because: Some(gap.reason),
                instrument: None,
            },
            Line::Given(given) => {
                let (row, case_number) = *given;
                let cancelled = CancelledView::of(&row);
                Self {
                    ordinal,
                    first_ordinal: None,
                    passed_over_because: None,
                    instrument: Some(RegisteredInstrument {
                        id: row.id(),
                        number: row.number.clone(),
                        code: row.code(),
                        name: row.code().label(),
                        case_id: row.case_id(),
                        case_number,
                        addressee: addressee_view(&row),
                        issued_on: row.issued_on,
                        status: match cancelled {
                            Some(_) => InstrumentStatus::Cancelled,
                            None => InstrumentStatus::Issued,
                        },
                        cancelled,
                        notes: row
                            .out_of_order
                            .then(|| InstrumentNoteCode::NumberOrder.into())
                            .into_iter()
                            .collect(),
                    }),
                }
            }
        }
    }
}
