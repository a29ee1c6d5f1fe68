//! An event read from its two texts, the public data and the private text beside them, as if they were one.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::{CowStrDeserializer, MapAccessDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use crate::domain::case::Event;

/// Puts an event together again: a private field stands for the public one of its name, which was left empty.
pub(super) fn join<'a>(code: &'a str, data: &'a str, private: Option<&'a str>) -> Result<Event, serde_json::Error> {
    read(data, Public { code, private })
}

/// Reads a text that is one object.
fn read<'de, V: Visitor<'de>>(text: &'de str, visitor: V) -> Result<V::Value, serde_json::Error> {
    let mut text = serde_json::Deserializer::from_str(text);
    let value = text.deserialize_map(visitor)?;
    text.end().map(|()| value)
}

/// The public data are open; the private text comes first.
struct Public<'a> {
    code: &'a str,
    private: Option<&'a str>,
}

/// Both are open.
struct Private<'a, P> {
    code: &'a str,
    public: P,
}

impl<'de> Visitor<'de> for Public<'de> {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the data of an event")
    }

    fn visit_map<P: MapAccess<'de>>(self, public: P) -> Result<Event, P::Error> {
        let Self { code, private } = self;
        match private {
            None => Event::from_data(code, MapAccessDeserializer::new(public)),
            Some(private) => read(private, Private { code, public }).map_err(P::Error::custom),
        }
    }
}

impl<'de, P: MapAccess<'de>> Visitor<'de> for Private<'_, P> {
    type Value = Event;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the private text of an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, private: A) -> Result<Event, A::Error> {
        let fields = Fields {
            private: Some(private),
            public: self.public,
            told: Vec::new(),
        };
        Event::from_data(self.code, MapAccessDeserializer::new(fields))
    }
}

/// The fields of both: the private ones, then the public ones that were not among them.
struct Fields<'de, A, P> {
    /// Until it is read.
    private: Option<A>,
    public: P,
    /// The private ones.
    told: Vec<Cow<'de, str>>,
}

/// The name of a field, as it stands in the text where it can.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, A: MapAccess<'de>, P: MapAccess<'de>> MapAccess<'de> for Fields<'de, A, P> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        if let Some(private) = &mut self.private {
            if let Some(Name(name)) = private.next_key()? {
                self.told.push(name.clone());
                return seed.deserialize(CowStrDeserializer::new(name)).map(Some);
            }
            self.private = None;
        }
        while let Some(Name(name)) = self.public.next_key().map_err(A::Error::custom)? {
            if !self.told.contains(&name) {
                return seed.deserialize(CowStrDeserializer::new(name)).map(Some);
            }
            let _: IgnoredAny = self.public.next_value().map_err(A::Error::custom)?;
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match &mut self.private {
            Some(private) => private.next_value_seed(seed),
            None => self.public.next_value_seed(seed).map_err(A::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn a_private_field_stands_for_the_empty_public_one() {
        let whole = join("withdrawn", r#"{"reason":"已\"获得\""}"#, None).unwrap();
        for data in [r#"{"reason":null}"#, "{}"] {
            assert_eq!(
                join("withdrawn", data, Some(r#"{"reason":"已\"获得\""}"#)).unwrap(),
                whole
            );
        }
        assert_ne!(join("withdrawn", r#"{"reason":null}"#, None).unwrap(), whole);
    }

    #[test]
    fn what_is_no_object_or_no_event_is_refused() {
        for (code, data, private) in [
            ("withdrawn", "{} {}", None),
            ("withdrawn", "null", None),
            ("withdrawn", r#"{"reason":1}"#, None),
            ("withdrawn", "{}", Some(r#"{"reason":1}"#)),
            ("withdrawn", "{}", Some("{} {}")),
            ("vanished", "{}", None),
        ] {
            assert!(join(code, data, private).is_err(), "{code} {data} {private:?}");
        }
    }
}
