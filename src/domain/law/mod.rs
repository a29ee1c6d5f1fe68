//! The law in numbers and days: rule packs, the working-day calendar, the statutory clock, fees, and how a refusal is told.

pub mod calendar;
pub mod deadline;
pub mod fee;
pub mod refusal;
pub mod rules;
