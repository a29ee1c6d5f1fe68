//! The language a person reads.

use super::text::Bilingual;
use std::borrow::Cow;

/// The language of the person who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    Chinese,
    English,
}

impl Language {
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The text in this language.
    pub fn pick(self, text: &Bilingual) -> String {
        match self {
            Self::Chinese => text.zh.to_string(),
            Self::English => text.en.to_string(),
        }
    }

    /// The text in this language, where the other one is not needed any more.
    pub fn take(self, text: Bilingual) -> Cow<'static, str> {
        match self {
            Self::Chinese => text.zh,
            Self::English => text.en,
        }
    }
}
