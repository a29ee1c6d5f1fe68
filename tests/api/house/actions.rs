//! The law of one action stands in one file, its topic; few others know the action by name.

use std::collections::BTreeSet;
use std::path::Path;

use super::source::{File, Token, library};

/// Files beside its topic that may name an action, in the middle of all actions.
const FILES_MAX: usize = 3;
/// Different actions that one file may tell apart; more is a `match` over all of them.
const TOLD_APART_MAX: usize = 12;
/// Where all actions stand together on purpose.
const ALL_TOGETHER: &[&str] = &["catalog.rs", "table.rs"];

/// An action with every name under which its law may be found.
#[derive(Debug)]
struct Action {
    name: String,
    code: String,
    /// Below `src/domain/case`.
    topic: String,
    /// Its event and the data of that, if they have names of their own.
    words: BTreeSet<String>,
    texts: BTreeSet<String>,
}

/// The two lists of the catalogue: `Name "code" in topic, …;` and `Event "code" topic::Data from Step;`.
fn actions(files: &[File]) -> Vec<Action> {
    let catalog = files
        .iter()
        .find(|file| file.path == Path::new("domain/case/catalog.rs"))
        .expect("a catalogue");
    let mut found: Vec<Action> = Vec::new();
    for at in catalog.tokens.windows(4) {
        if let [
            Token::Word(name),
            Token::Text(code),
            Token::Word(by),
            Token::Word(topic),
        ] = at
            && by == "in"
        {
            found.push(Action {
                name: name.clone(),
                code: code.clone(),
                topic: format!("{topic}.rs"),
                words: BTreeSet::from([name.clone()]),
                texts: BTreeSet::from([code.clone()]),
            });
        }
    }
    for at in catalog.tokens.windows(7) {
        if let [
            Token::Word(event),
            Token::Text(code),
            Token::Word(_),
            Token::To,
            Token::Word(data),
            Token::Word(by),
            Token::Word(step),
        ] = at
            && by == "from"
        {
            let step = if step == "itself" { data } else { step };
            if let Some(action) = found.iter_mut().find(|action| action.name == *step) {
                action.words.extend([event.clone(), data.clone()]);
                action.texts.insert(code.clone());
            }
        }
    }
    assert!(found.len() > 40, "the catalogue is read no more");
    found
}

/// How many files beside its topic name each action; the demonstration tells stories of all of them.
#[test]
fn an_action_is_known_to_few_files_beside_its_topic() {
    let files = library();
    let mut counts = Vec::new();
    for action in actions(&files) {
        let topic = Path::new("domain/case").join(&action.topic);
        let naming: Vec<String> = files
            .iter()
            .filter(|file| file.path != topic && !file.path.starts_with("demo"))
            .filter(|file| {
                action.words.iter().any(|word| file.says_word(word))
                    || action.texts.iter().any(|text| file.says_text(text))
            })
            .map(|file| file.path.display().to_string())
            .collect();
        println!("{:24} {} {}", action.code, naming.len(), naming.join(" "));
        counts.push(naming.len());
    }
    counts.sort_unstable();
    let median = counts[counts.len() / 2];
    println!("median {median}, most {}", counts[counts.len() - 1]);
    assert!(
        median <= FILES_MAX,
        "an action stands in {median} files beside its topic (median)"
    );
}

#[test]
fn nothing_but_the_catalogue_tells_all_actions_apart() {
    let files = library();
    let names: BTreeSet<String> = actions(&files)
        .into_iter()
        .flat_map(|action| action.words.into_iter())
        .collect();
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| !file.path.starts_with("demo")) {
        if file.path.parent() == Some(Path::new("domain/case"))
            && ALL_TOGETHER.iter().any(|name| file.path.ends_with(name))
        {
            continue;
        }
        let told: BTreeSet<&str> = file
            .body
            .windows(3)
            .filter_map(|at| match at {
                [Token::Word(kind), Token::To, Token::Word(name)]
                    if matches!(kind.as_str(), "Action" | "Command" | "Event") && names.contains(name) =>
                {
                    Some(name.as_str())
                }
                _ => None,
            })
            .collect();
        if told.len() > TOLD_APART_MAX {
            wrong.push(format!("{} tells {} actions apart", file.path.display(), told.len()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
