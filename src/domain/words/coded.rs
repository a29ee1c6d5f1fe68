//! Enumerations that are stored and sent as stable lower-snake codes.

/// An enumeration with one code per variant; the codes are part of the database and of the API.
pub trait Coded: Copy + 'static {
    /// The stable code.
    fn as_code(&self) -> &'static str;

    /// The variant of a code, or `None` when there is none.
    fn from_code(code: &str) -> Option<Self>;
}
