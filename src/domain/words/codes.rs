//! Enumerations of the field: one declaration gives each variant its stable code and its Chinese name.
//!
//! The codes are part of the database, of the log and of the API; the names are what people read beside them, in
//! answers, on pages and in the contract.

/// An enumeration with one code and one name per variant.
pub trait Coded: Copy + 'static {
    /// The name of the type; the contract knows its schema by it.
    const NAME: &'static str;
    /// Every variant, in the order of its declaration.
    const ALL: &'static [Self];

    /// The stable code.
    fn as_code(&self) -> &'static str;

    /// The Chinese name.
    fn as_label(&self) -> &'static str;

    /// The variant of a code, or `None` when there is none.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_code() == code)
    }
}

/// Declares enumerations with their codes and names, and where people read English the English name after a slash; a
/// `#[derive(Default)]` above one goes through:
///
/// ```ignore
/// codes! {
///     /// How a reply leaves (答复方式).
///     pub enum ReplyMethod { Mail "mail" "邮寄", InPerson "in_person" "当面" / "in person" }
/// }
/// ```
macro_rules! codes {
    ($($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident $code:tt $label:tt $(/ $label_en:tt)?),* $(,)?
    })*) => {$(
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        $vis enum $name {
            $($(#[$variant_meta])* #[serde(rename = $code)] $variant),*
        }

        // Not every enumeration needs each of them.
        #[allow(dead_code)]
        impl $name {
            /// Every variant, in the order of its declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The Chinese name.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }

            $crate::domain::words::codes::codes!(@english $($variant $(/ $label_en)?),*);
        }

        impl $crate::domain::words::codes::Coded for $name {
            const NAME: &'static str = stringify!($name);
            const ALL: &'static [Self] = Self::ALL;

            fn as_code(&self) -> &'static str {
                self.code()
            }

            fn as_label(&self) -> &'static str {
                self.label()
            }
        }
    )*};
    (@english $($variant:ident / $label_en:tt),+) => {
        /// The English name.
        pub const fn label_en(self) -> &'static str {
            match self { $(Self::$variant => $label_en),* }
        }
    };
    (@english $($variant:ident),*) => {};
}
pub(crate) use codes;

#[cfg(test)]
mod tests {
    use super::*;

    codes! {
        /// A class of files.
        #[derive(Default)]
        enum Class { #[default] Short "10y" "十年" / "ten years", Permanent "permanent" "永久" / "for ever" }
    }

    #[test]
    fn one_declaration_gives_code_names_wire_and_list() {
        assert_eq!((Class::NAME, Class::default()), ("Class", Class::Short));
        for (class, code, label, english) in [
            (Class::Short, "10y", "十年", "ten years"),
            (Class::Permanent, "permanent", "永久", "for ever"),
        ] {
            assert_eq!(
                (class.as_code(), class.as_label(), class.label_en()),
                (code, label, english)
            );
            assert_eq!(serde_json::to_value(class).unwrap(), code);
            assert_eq!(serde_json::from_value::<Class>(code.into()).unwrap(), class);
            assert_eq!(Class::from_code(code), Some(class));
        }
        assert_eq!(Class::ALL, [Class::Short, Class::Permanent]);
        assert_eq!(Class::from_code("Short"), None);
    }
}
