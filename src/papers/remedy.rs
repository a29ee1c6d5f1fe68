//! 救济告知: what a paper says of the remedies against it, by its class, its day and its agency.
//!
//! Which class a decision has is [`crate::domain::reply::RemedyClass`], dated there. 行政复议法 (2023) Arts 20, 23, 26, 34;
//! 行政诉讼法 Arts 45, 46. Reconsideration counts in days of the calendar, not in working days (行政复议法 Art 88(2)).

use super::model::{Run, Text};
use crate::domain::reply::RemedyClass;

/// To whom and where one may turn.
#[derive(Debug, Clone, Copy)]
pub struct Organs<'a> {
    /// What the paper calls itself: 告知书, 答复书.
    pub paper: &'a str,
    pub reconsideration: &'a str,
    pub court: &'a str,
    /// 行政复议法 26: against a decision of a provincial government or a department of the State Council in its own matter
    /// one may also ask the State Council.
    pub state_council: bool,
}

/// The paragraphs of a paper whose decisions have these classes: one for each class, the way of the refusals first.
///
/// `withheld` and `rest` name the items of each class by their numbers where the paper has both.
pub fn paragraphs(organs: Organs<'_>, withheld: &[u32], rest: &[u32], class: RemedyClass) -> Vec<Text> {
    match (withheld.is_empty(), rest.is_empty(), class) {
        (_, _, RemedyClass::R0) => Vec::new(),
        (false, false, _) => vec![
            text(first(
                organs,
                &format!("对本{}第{}项不予公开的决定", organs.paper, ordinals(withheld)),
            )),
            text(either(
                organs,
                &format!("对本{}第{}项的答复", organs.paper, ordinals(rest)),
            )),
        ],
        (_, _, RemedyClass::R1) => vec![text(first(organs, &format!("对本{}不予公开的决定", organs.paper)))],
        (_, _, RemedyClass::R2) => vec![text(either(organs, &format!("对本{}", organs.paper)))],
    }
}

/// R1, 复议前置 (行政复议法 23(1)(4), 23(2), 34). Where the organ of reconsideration changes the decision or does not decide, it is
/// the defendant, and another court may be competent (行政诉讼法 15, 26).
fn first(organs: Organs<'_>, against: &str) -> String {
    let Organs {
        paper,
        reconsideration,
        court,
        ..
    } = organs;
    let further = further(organs);
    format!(
        "{against}不服的，根据《中华人民共和国行政复议法》第二十条、第二十三条的规定，应当自收到本{paper}之日起60日内，\
         先向{reconsideration}申请行政复议；对行政复议决定不服，或者行政复议机关决定不予受理、受理后驳回申请的，可以自收到决定书之日起15日内依法提起行政诉讼{further}；\
         行政复议机关逾期不作出决定的，可以自行政复议期限届满之日起15日内依法提起行政诉讼。\
         以本机关为被告或者共同被告的，向{court}提起；仅以行政复议机关为被告的，向有管辖权的人民法院提起。"
    )
}

/// R2 (行政复议法 20; 行政诉讼法 44–46).
fn either(organs: Organs<'_>, against: &str) -> String {
    let Organs {
        paper,
        reconsideration,
        court,
        ..
    } = organs;
    let further = match organs.state_council {
        true => format!(
            "；对行政复议决定不服的，可以自收到行政复议决定书之日起15日内向{court}提起行政诉讼{}",
            self::further(organs)
        ),
        false => String::new(),
    };
    format!(
        "{against}不服的，可以自收到本{paper}之日起60日内向{reconsideration}申请行政复议，\
         或者自收到本{paper}之日起6个月内向{court}提起行政诉讼{further}。"
    )
}

fn further(organs: Organs<'_>) -> &'static str {
    match organs.state_council {
        true => "，也可以向国务院申请裁决",
        false => "",
    }
}

fn text(text: String) -> Text {
    vec![Run { text, strong: false }]
}

/// 一、三
fn ordinals(places: &[u32]) -> String {
    let places: Vec<_> = places.iter().map(|place| super::numerals::chinese(*place)).collect();
    places.join("、")
}
