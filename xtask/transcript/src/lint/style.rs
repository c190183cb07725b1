//! Things that could be written more plainly. Each finding is a line of the file and a message.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Piece, Rule, Term, Transcript, Variable};

/// Names that are not used again.
pub(super) fn unused(transcript: &Transcript) -> Vec<(usize, String)> {
    let mut mentions = vec![0; transcript.variables.len()];
    let holes = (0..transcript.events.len()).flat_map(|event| transcript.variables_of(event));
    let ruled = transcript.all_rules().flat_map(Rule::variables);
    holes.chain(ruled).for_each(|variable| mentions[variable] += 1);
    let counted: BTreeSet<&str> = transcript
        .all_rules()
        .flat_map(|rule| &rule.names)
        .map(|(name, _)| name.as_str())
        .collect();
    // A name that a loop binds is used if it is used in one of the turns.
    let mut uses: BTreeMap<(usize, &str), (bool, &Variable)> = BTreeMap::new();
    for (index, event) in transcript.events.iter().enumerate() {
        for variable in transcript.variables_of(index) {
            let known = &transcript.variables[variable];
            let used = mentions[variable] > 1 || counted.contains(known.name.as_str());
            uses.entry((event.line, &known.name)).or_insert((false, known)).0 |= used;
        }
    }
    let unused = uses.into_iter().filter(|((_, name), (used, _))| !used && !name.starts_with(':'));
    let lint = |((line, name), (_, variable)): ((usize, &str), (bool, &Variable))| {
        (line, format!("nothing uses `{{{name}}}` again: write `{{:{}}}`", variable.kind))
    };
    unused.map(lint).collect()
}

/// Two holes with a text between them that can be part of both.
pub(super) fn unclear_ends(transcript: &Transcript) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for event in &transcript.events {
        for three in event.pattern.windows(3) {
            let [Piece::Hole(one), Piece::Text(text), Piece::Hole(other)] = three else {
                continue;
            };
            let (one, other) = (&transcript.variables[*one], &transcript.variables[*other]);
            let part = |variable: &Variable| {
                !variable.kind.counts() && text.chars().all(|c| variable.kind.allows(c))
            };
            if (one.needed || other.needed) && part(one) && part(other) {
                let message = format!(
                    "where {{{}}} ends is not clear: `{text}` can be part of it and of {{{}}}; \
                     print another text there",
                    one.name, other.name
                );
                found.push((event.line, message));
            }
        }
    }
    found
}

/// A text that occurs several times on one side of a rule.
pub(super) fn doubled(transcript: &Transcript) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for rule in transcript.all_rules() {
        for side in [&rule.left, &rule.right] {
            for (index, (factor, term)) in side.iter().enumerate() {
                let Term::Lines(text) = term else { continue };
                let earlier = side[..index].iter().find(|(_, other)| other == term);
                if let Some(sum) =
                    earlier.map(|(earlier, _)| earlier + factor).filter(|sum| *sum > 1)
                {
                    let text = rule.shown(text);
                    found.push((
                        rule.line,
                        format!("\"{text}\" twice in a sum: write `{sum} * \"{text}\"`"),
                    ));
                }
            }
        }
    }
    found
}
