//! What a character is to the compositor: whether it is seen, how it stands on the grid, and where a line may break
//! beside it (GB/T 15834-2011 5.1, and the habits of Latin text within Chinese).

/// How a character is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ideographs, full-width marks: a cell of the grid each; a line may break on either side.
    Wide,
    /// Letters, digits and marks of narrow writings: kept together in runs.
    Narrow,
    /// A blank, at which a line may break and in whose place it may end.
    Blank,
    /// A blank at which it may not.
    FixedBlank,
    /// A mark over, under or around the character before it.
    Mark,
    /// Ends the line.
    Feed,
    /// Chooses the form of the character before it.
    Variant,
    /// Steers what this compositor does not do, such as the direction of writing, and is not seen.
    Invisible,
}

pub(super) fn kind(character: char) -> Kind {
    match character {
        '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Kind::Feed,
        ' ' | '\t' | '\u{2000}'..='\u{2006}' | '\u{2008}'..='\u{200a}' | '\u{205f}' => Kind::Blank,
        '\u{a0}' | '\u{2007}' | '\u{202f}' => Kind::FixedBlank,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => Kind::Variant,
        _ if is_invisible(character) => Kind::Invisible,
        _ if is_mark(character) => Kind::Mark,
        _ if is_wide(character) => Kind::Wide,
        _ => Kind::Narrow,
    }
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}'
            | '\u{e01f0}'..='\u{e0fff}')
        // Noncharacters: the last two of each plane, and 32 within the first.
        || matches!(u32::from(character), 0xfdd0..=0xfdef)
        || u32::from(character) & 0xfffe == 0xfffe
}

fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}'
        | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{302a}'..='\u{302f}' | '\u{3099}' | '\u{309a}'
        | '\u{fe20}'..='\u{fe2f}')
}

fn is_wide(character: char) -> bool {
    matches!(character,
        '—' | '―' | '…' | '‥' | '·' | '“' | '”' | '‘' | '’' | '‰' | '℃' | '℉' | '№' | '※'
        | '\u{1100}'..='\u{115e}' | '\u{2160}'..='\u{217f}' | '\u{2190}'..='\u{2199}' | '\u{2200}'..='\u{22ff}'
        | '\u{2460}'..='\u{24ff}' | '\u{2500}'..='\u{26ff}' | '\u{2e3a}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{e000}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}' | '\u{1b000}'..='\u{1b2ff}' | '\u{1f100}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}'
        | '\u{f0000}'..='\u{10fffd}')
}

/// Marks that close or part, and never begin a line (GB/T 15834-2011 5.1).
pub(super) fn never_starts(character: char) -> bool {
    matches!(
        character,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '．'
            | '）'
            | '》'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '〗'
            | '〉'
            | '〙'
            | '〛'
            | '］'
            | '｝'
            | '｠'
            | '”'
            | '’'
            | '〞'
            | '〟'
            | '＂'
            | '＇'
            | '…'
            | '‥'
            | '·'
            | '・'
            | '‧'
            | '％'
            | '‰'
            | '℃'
            | '℉'
            | '～'
            | '－'
            | '／'
            | '–'
            | '々'
            | '〻'
            | 'ー'
            | '｡'
            | '､'
            | '｣'
            | '﹐'
            | '﹑'
            | '﹒'
            | '﹔'
            | '﹕'
            | '﹖'
            | '﹗'
            | '﹚'
            | '﹜'
            | '﹞'
            | ','
            | '.'
            | ';'
            | ':'
            | '?'
            | '!'
            | ')'
            | ']'
            | '}'
            | '%'
            | '»'
            | '›'
            | '°'
            | '¢'
            | '￠'
    )
}

/// Marks that open, and never end a line.
pub(super) fn never_ends(character: char) -> bool {
    matches!(
        character,
        '（' | '《'
            | '「'
            | '『'
            | '【'
            | '〔'
            | '〖'
            | '〈'
            | '〘'
            | '〚'
            | '［'
            | '｛'
            | '｟'
            | '“'
            | '‘'
            | '〝'
            | '｢'
            | '﹙'
            | '﹛'
            | '﹝'
            | '('
            | '['
            | '{'
            | '«'
            | '‹'
            | '￥'
            | '¥'
            | '$'
            | '＄'
            | '￡'
            | '£'
            | '€'
            | '№'
            | '§'
    )
}

/// How much of a full-width mark is white, at its left and its right, in em: what it can give way when a line is tight.
pub(super) fn white(character: char) -> (f32, f32) {
    match character {
        '，' | '。' | '、' | '；' | '：' | '？' | '！' | '．' => (0., 0.5),
        '）' | '》' | '」' | '』' | '】' | '〕' | '〗' | '〉' | '］' | '｝' | '”' | '’' => (0., 0.5),
        '（' | '《' | '「' | '『' | '【' | '〔' | '〖' | '〈' | '［' | '｛' | '“' | '‘' => (0.5, 0.),
        _ => (0., 0.),
    }
}

/// Whether two characters are one piece that no line may cut, unless it is longer than a line.
pub(super) fn sticks(before: char, after: char) -> bool {
    let narrow = |character| kind(character) == Kind::Narrow;
    match (before, after) {
        ('—', '—') | ('…', '…') | ('⸺', '⸺') => true,
        // Signs of a file: 〔2026〕12号 is read as one.
        ('〕', after) if after.is_ascii_digit() || after == '第' => true,
        ('第', after) if after.is_ascii_digit() => true,
        (before, '号') if before.is_ascii_digit() => true,
        (before, '％' | '‰' | '℃' | '℉') if narrow(before) => true,
        ('￥' | '№', after) if narrow(after) => true,
        _ => narrow(before) && narrow(after),
    }
}
