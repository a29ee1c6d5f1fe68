//! The kinds of variables, and how groups of them are declared.

use serde_json::{Value, json};

/// What a variable holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Text,
    Number,
    /// Whether something is so.
    Flag,
    /// Something the letter is put together with, such as the remedies; it stands in a paragraph of its own.
    Piece,
    List(&'static Kind),
    Group(&'static [Field]),
}

/// A variable.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub meaning: &'static str,
    /// An example as it is printed; empty for lists of groups and for groups, whose fields have their own.
    pub example: &'static [&'static str],
    pub kind: Kind,
    /// Whether it can be absent.
    pub optional: bool,
}

/// A type that variables can have.
pub trait Shown {
    const KIND: Kind;
    const OPTIONAL: bool = false;
}

impl Shown for String {
    const KIND: Kind = Kind::Text;
}

impl Shown for u32 {
    const KIND: Kind = Kind::Number;
}

impl Shown for bool {
    const KIND: Kind = Kind::Flag;
}

impl<T: Shown> Shown for Option<T> {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = true;
}

impl<T: Shown + 'static> Shown for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
}

/// Declares groups of variables: type and name in templates; fields with type, name, meaning and examples.
macro_rules! groups {
    ($($(#[$meta:meta])* $group:ident {
        $($field:ident: $type:ty = $name:literal, $meaning:literal $(, $example:literal)*;)*
    })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $group {
            $(#[serde(rename = $name)] pub $field: $type),*
        }

        impl $crate::papers::facts::kinds::Shown for $group {
            const KIND: $crate::papers::facts::kinds::Kind = $crate::papers::facts::kinds::Kind::Group(&[
                $($crate::papers::facts::kinds::Field {
                    name: $name,
                    meaning: $meaning,
                    example: &[$($example),*],
                    kind: <$type as $crate::papers::facts::kinds::Shown>::KIND,
                    optional: <$type as $crate::papers::facts::kinds::Shown>::OPTIONAL,
                }),*
            ]);
        }
    )*};
}
pub(super) use groups as declare;

/// An example of a variable's value, for the sample case and for readers.
pub fn example(kind: &Kind, examples: &[&str]) -> Value {
    match kind {
        Kind::Text => json!(examples.first().copied().unwrap_or_default()),
        Kind::Number => json!(
            examples
                .first()
                .and_then(|text| text.parse::<u32>().ok())
                .unwrap_or_default()
        ),
        Kind::Flag => json!(examples.first() == Some(&"true")),
        Kind::Piece => Value::Null,
        Kind::List(Kind::Group(fields)) => json!([example(&Kind::Group(fields), &[])]),
        Kind::List(one) => examples.iter().map(|text| example(one, &[text])).collect(),
        Kind::Group(fields) => {
            let named = fields
                .iter()
                .map(|field| (field.name.to_owned(), example(&field.kind, field.example)));
            Value::Object(named.collect())
        }
    }
}
