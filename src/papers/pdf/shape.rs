//! From text to glyphs: each character looked up in the face of its role, then in all others, before anything is drawn.
//! A character that no face has is reported, never left out or drawn as a box.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use super::characters::{Kind, kind};
use super::tree::NodeId;
use crate::fonts::{Face, FontError, Fonts, Role};

/// Characters on either side that are shown with one that is missing.
const AROUND: usize = 4;
/// More than these need not be told to understand that a font is wanted.
const MAX_MISSING: usize = 200;
/// From this width in em on a glyph is full-width, and takes a cell of the grid.
const FULL: f32 = 0.95;
/// Narrower than this, a dot between the parts of a name is one of Latin type.
const HALF: f32 = 0.75;
/// Width of a blank in em where the face has no glyph for it.
const BLANK: f32 = 0.25;

/// A character that no installed face has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingGlyph {
    pub character: char,
    /// The few characters around the first place where it stands, itself among them.
    pub around: String,
}

impl fmt::Display for MissingGlyph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { character, around } = self;
        write!(f, "{character} U+{:04X} in “{around}”", u32::from(*character))
    }
}

/// Text of one role that belongs to one element of the structure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub text: &'a str,
    pub role: Role,
    pub node: NodeId,
}

/// A glyph and the characters for which it stands.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// Place in the text of the paragraph, in bytes.
    pub range: Range<usize>,
    /// The first of its characters.
    pub character: char,
    pub kind: Kind,
    /// Its place among the faces of the paper; none for what is not drawn.
    pub face: Option<usize>,
    pub id: u16,
    /// In points.
    pub advance: f32,
    /// How far within its advance it is drawn, in points.
    pub shift: f32,
    pub node: NodeId,
}

/// Shaped text that is broken into lines together.
#[derive(Debug)]
pub(super) struct Paragraph {
    pub text: String,
    pub glyphs: Vec<Glyph>,
    pub size: f32,
}

/// The glyphs of one paper: which faces it uses, and what they lack.
pub(super) struct Shaper<'a> {
    fonts: &'a Fonts,
    faces: Vec<Face>,
    roles: HashMap<Role, usize>,
    known: HashMap<(Role, char, Option<char>), Option<Found>>,
    pub missing: Vec<MissingGlyph>,
}

/// How characters are set: their role, their size, and the cell of those that are full-width.
#[derive(Debug, Clone, Copy)]
struct Setting {
    role: Role,
    size: f32,
    cell: f32,
}

#[derive(Debug, Clone, Copy)]
struct Found {
    face: usize,
    id: u16,
    /// In em.
    width: f32,
}

impl<'a> Shaper<'a> {
    pub fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            faces: Vec::new(),
            roles: HashMap::new(),
            known: HashMap::new(),
            missing: Vec::new(),
        }
    }

    /// The faces by their places in [`Glyph::face`].
    pub fn into_faces(self) -> Vec<Face> {
        self.faces
    }

    /// Shapes text; a full-width character takes `cell` points.
    pub fn shape(&mut self, pieces: &[Piece<'_>], size: f32, cell: f32) -> Result<Paragraph, FontError> {
        let text: String = pieces.iter().map(|piece| piece.text).collect();
        let mut glyphs: Vec<Glyph> = Vec::with_capacity(text.len() / 2);
        let mut start = 0;
        for piece in pieces {
            let mut characters = piece.text.char_indices().peekable();
            while let Some((at, character)) = characters.next() {
                let next = characters.peek().map(|(_, next)| *next);
                let glyph = Glyph {
                    range: start + at..start + at + character.len_utf8(),
                    character,
                    kind: kind(character),
                    face: None,
                    id: 0,
                    advance: 0.,
                    shift: 0.,
                    node: piece.node,
                };
                let setting = Setting {
                    role: piece.role,
                    size,
                    cell,
                };
                let glyph = self.one(glyph, glyphs.last_mut(), next, setting, &text)?;
                // A glyph may stand for the next character too.
                if glyph
                    .as_ref()
                    .is_some_and(|glyph| glyph.range.len() > character.len_utf8())
                {
                    characters.next();
                }
                glyphs.extend(glyph);
            }
            start += piece.text.len();
        }
        Ok(Paragraph { text, glyphs, size })
    }

    /// The glyph of a character; none if it is not seen, or only changes the one before.
    fn one(
        &mut self,
        mut glyph: Glyph,
        last: Option<&mut Glyph>,
        next: Option<char>,
        setting: Setting,
        text: &str,
    ) -> Result<Option<Glyph>, FontError> {
        match glyph.kind {
            Kind::Invisible => return Ok(None),
            Kind::Variant => {
                // One that follows nothing has nothing to choose.
                if let Some(last) = last.filter(|last| last.range.end == glyph.range.start) {
                    last.range.end = glyph.range.end;
                }
                return Ok(None);
            }
            Kind::Feed => {}
            Kind::Blank | Kind::FixedBlank => self.blank(&mut glyph, setting)?,
            Kind::Mark => return self.mark(glyph, last, setting),
            Kind::Wide | Kind::Narrow => {
                let doubled = glyph.character == '—' && next == Some('—');
                if !(doubled && self.dash(&mut glyph, setting)?) {
                    let variant = next.filter(|next| kind(*next) == Kind::Variant);
                    self.place(&mut glyph, variant, setting, text)?;
                }
            }
        }
        Ok(Some(glyph))
    }

    /// A character with ink.
    fn place(
        &mut self,
        glyph: &mut Glyph,
        variant: Option<char>,
        Setting { role, size, cell }: Setting,
        text: &str,
    ) -> Result<(), FontError> {
        let Some(mut found) = self.find(role, glyph.character, variant)? else {
            self.report(text, glyph);
            glyph.advance = cell;
            return Ok(());
        };
        // The dot of names is half a letter wide in some faces; its Japanese sister fills the cell, and looks the same.
        if glyph.character == '·' && found.width < HALF {
            let wide = self.find(role, '・', None)?.filter(|wide| wide.width >= FULL);
            found = wide.unwrap_or(found);
        }
        glyph.face = Some(found.face);
        glyph.id = found.id;
        let width = found.width * size;
        let in_cell =
            glyph.kind == Kind::Wide && (0.8..1.05).contains(&found.width) || found.width >= FULL && found.width < 1.05;
        glyph.advance = if in_cell { cell } else { width };
        glyph.shift = (glyph.advance - width) / 2.;
        Ok(())
    }

    fn blank(&mut self, glyph: &mut Glyph, Setting { role, size, .. }: Setting) -> Result<(), FontError> {
        // Blanks of other widths are drawn as the common one, so that whatever face is used has it.
        let found = self.find(role, ' ', None)?;
        glyph.face = found.map(|found| found.face);
        glyph.id = found.map_or(0, |found| found.id);
        glyph.advance = size * found.map_or(BLANK, |found| found.width);
        Ok(())
    }

    /// A mark on the glyph before it; none is drawn if no face has it, but it stays in the text.
    fn mark(
        &mut self,
        mut glyph: Glyph,
        base: Option<&mut Glyph>,
        Setting { role, size, .. }: Setting,
    ) -> Result<Option<Glyph>, FontError> {
        let base = base.filter(|base| base.range.end == glyph.range.start && base.face.is_some());
        let Some(found) = self.find(role, glyph.character, None)? else {
            if let Some(base) = base {
                base.range.end = glyph.range.end;
            }
            return Ok(None);
        };
        glyph.face = Some(found.face);
        glyph.id = found.id;
        // Faces leave it to tables of anchors to place a mark; here it stands over the middle of its letter.
        let middle = |glyph: &Glyph| {
            let face = self.faces.get(glyph.face?)?;
            Some(face.middle(glyph.id)? * size)
        };
        if let Some(base) = base {
            let over = base.shift + middle(base).unwrap_or(base.advance / 2.) - base.advance;
            glyph.shift = over - middle(&glyph).unwrap_or(0.);
        }
        Ok(Some(glyph))
    }

    /// 破折号 as one glyph, where the two that it is written with would leave a gap between them.
    fn dash(&mut self, glyph: &mut Glyph, Setting { role, size, cell }: Setting) -> Result<bool, FontError> {
        let single = self.find(role, '—', None)?;
        if single.is_none_or(|single| single.width >= FULL) {
            return Ok(false);
        }
        let Some(double) = self.find(role, '⸺', None)? else {
            return Ok(false);
        };
        glyph.face = Some(double.face);
        glyph.id = double.id;
        glyph.range.end += '—'.len_utf8();
        glyph.advance = 2. * cell;
        glyph.shift = (glyph.advance - double.width * size) / 2.;
        Ok(true)
    }

    fn find(&mut self, role: Role, character: char, variant: Option<char>) -> Result<Option<Found>, FontError> {
        let key = (role, character, variant);
        if let Some(found) = self.known.get(&key) {
            return Ok(*found);
        }
        let found = self.look_up(role, character, variant)?;
        self.known.insert(key, found);
        Ok(found)
    }

    fn look_up(&mut self, role: Role, character: char, variant: Option<char>) -> Result<Option<Found>, FontError> {
        let own = match self.roles.get(&role) {
            Some(at) => *at,
            None => {
                let face = self.fonts.face(role)?;
                let at = self.add(face);
                self.roles.insert(role, at);
                at
            }
        };
        let in_own = self.faces.get(own).and_then(|face| face.glyph(character, variant));
        if let Some((id, width)) = in_own {
            return Ok(Some(Found { face: own, id, width }));
        }
        let Some(face) = self.fonts.face_with(character)? else {
            return Ok(None);
        };
        let glyph = face.glyph(character, variant);
        let face = self.add(face);
        Ok(glyph.map(|(id, width)| Found { face, id, width }))
    }

    fn add(&mut self, face: Face) -> usize {
        self.faces.iter().position(|known| *known == face).unwrap_or_else(|| {
            self.faces.push(face);
            self.faces.len() - 1
        })
    }

    fn report(&mut self, text: &str, glyph: &Glyph) {
        let character = glyph.character;
        if self.missing.len() >= MAX_MISSING || self.missing.iter().any(|missing| missing.character == character) {
            return;
        }
        let before: Vec<char> = text
            .get(..glyph.range.start)
            .unwrap_or_default()
            .chars()
            .rev()
            .take(AROUND)
            .collect();
        let after = text.get(glyph.range.end..).unwrap_or_default().chars().take(AROUND);
        let around = before.into_iter().rev().chain([character]).chain(after);
        let around = around.filter(|character| !character.is_control()).collect();
        self.missing.push(MissingGlyph { character, around });
    }
}
