//! A transcript's literal text, rewritten from a real output.
//!
//! Bless finds out which lines of the output are new wordings ([`pair`]), and writes them in place of the old ones. The
//! rules that quote them follow ([`follow`]). Then bless judges the output by the new text, which must accept it.
//! Whatever is uncertain along the way becomes a [`Refusal`].

use std::borrow::Cow;

use super::pairing::{Pairing, pair};
use super::quotes::follow;
use super::refusal::Refusal;
use crate::budget::Budget;
use crate::judge::{Fault, FaultKind, Rejected, Table, Timing, Verdict};
use crate::model::Transcript;
use crate::text::is_plain;

/// The result of [`Transcript::bless`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blessed {
    /// The file's new text. It accepts the output if nothing was refused.
    pub text: String,
    /// The lines of the file that changed, from 1.
    pub changed: Vec<usize>,
    /// What a person must decide. Empty if and only if the new text accepts the output.
    pub refused: Vec<Refusal>,
}

impl Transcript {
    /// Rewrites the literal text of events whose line now reads differently, and of the rules that quote it.
    ///
    /// Arrows, holes and loops stay as they are. Bless never guesses. It takes a line as the new wording of an event
    /// only if the event's holes can be found in the line in exactly one way, and if no other line or event would fit
    /// as well; in a loop, all turns must agree. It refuses everything else with a reason, also a wording after which a
    /// rule would count other lines than before. Apart from the wording, the new text accepts the same outputs as the
    /// old one.
    ///
    /// Bless does not know how the program ended: the caller must not pass the output of a run that crashed.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let text = "parent | forked {c:pid}\nparent -> child\nchild | hello\n";
    /// let transcript = Transcript::parse("demo.txt", text)?;
    /// let blessed = transcript.bless("forked child 17\nhello\n");
    /// assert_eq!(blessed.text, text.replace("forked", "forked child"));
    /// assert_eq!(blessed.changed, [1]);
    /// assert!(blessed.refused.is_empty());
    ///
    /// // Either of two events could be the one that changed.
    /// let text = "a | one is now ready\nb | two is now ready\n";
    /// let blessed = Transcript::parse("demo.txt", text)?.bless("One is now ready\nTwo is now ready\n");
    /// assert_eq!(blessed.text, text);
    /// let why = blessed.refused[0].to_string();
    /// assert!(why.ends_with("could be the new wording of line 1 or 2 of the transcript: write it there"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bless(&self, output: &str) -> Blessed {
        reworded(self, output).unwrap_or_else(|why| blessed(self, self, vec![why]))
    }
}

/// The transcript in the words of the output; an error if nothing can be said about single lines.
fn reworded(old: &Transcript, output: &str) -> Result<Blessed, Refusal> {
    let lines: Vec<&str> = output.split_terminator('\n').collect();
    if lines.len() > old.most_lines() {
        return Err(Refusal::too_long(lines.len()));
    }
    if let Verdict::Accepted(_) = old.judge(output, Timing::Judged) {
        return Ok(blessed(old, old, Vec::new()));
    }
    let budget = Budget::default();
    let table = Table::new(old, lines, &budget)?;
    let pairing = pair(&table, is_plain, &budget)?;
    let mut refused = unpaired(&pairing, &table);
    let new = match pairing.whole {
        true => edited(&pairing, &table, &mut refused),
        false => Cow::Borrowed(old),
    };
    match remaining_fault(&new, output, &refused) {
        None => Ok(blessed(old, &new, refused)),
        Some(fault) => {
            refused.push(fault);
            Ok(blessed(old, old, refused))
        }
    }
}

fn blessed(old: &Transcript, new: &Transcript, refused: Vec<Refusal>) -> Blessed {
    let lines = old.text.lines().zip(new.text.lines()).enumerate();
    let changed = lines.filter(|(_, (old, new))| old != new).map(|(at, _)| at + 1);
    Blessed { text: new.text.clone(), changed: changed.collect(), refused }
}

/// A refusal for each line and event without a certain partner. If the pairing is not whole, also for each new wording.
fn unpaired(pairing: &Pairing, table: &Table<'_>) -> Vec<Refusal> {
    let events = pairing.events.iter().map(|&event| &table.transcript.events[event]);
    let claims = pairing.claims.iter().filter(|_| !pairing.whole);
    let lines = pairing.lines.iter().map(|line| Refusal::unpaired_line(line, table));
    lines
        .chain(events.map(Refusal::unpaired_event))
        .chain(claims.map(|claim| Refusal::not_whole(claim, table)))
        .collect()
}

/// The transcript with all new wordings that its rules can follow. The others are refused.
fn edited<'t>(
    pairing: &Pairing,
    table: &Table<'t>,
    refused: &mut Vec<Refusal>,
) -> Cow<'t, Transcript> {
    let mut edits = pairing.edits.clone();
    while !edits.is_empty() {
        let culprit = match follow(table.transcript, &edits) {
            Ok(new) => return Cow::Owned(new),
            Err(culprit) => culprit,
        };
        edits.retain(|source, _| !culprit.lines.contains(source));
        let claims = pairing.claims.iter().filter(|claim| culprit.lines.contains(&claim.source));
        refused.extend(claims.map(|claim| Refusal::rule(claim, &culprit, table)));
    }
    Cow::Borrowed(table.transcript)
}

/// What else is wrong with the output, apart from the lines and events that are refused already.
fn remaining_fault(new: &Transcript, output: &str, refused: &[Refusal]) -> Option<Refusal> {
    match new.judge(output, Timing::Judged) {
        Verdict::Accepted(_) => None,
        Verdict::Rejected(rejected)
            if !refused.is_empty() && explained(&rejected, refused.len()) =>
        {
            None
        }
        Verdict::Rejected(rejected) => {
            let first = rejected.faults.iter().max_by_key(|fault| weight(fault.kind));
            Some(Refusal::not_legal(&first.map_or_else(String::new, Fault::in_a_line)))
        }
        Verdict::Undecided(why) => Some(Refusal::not_legal(&why.to_string())),
    }
}

/// Whether only lines and events without a counterpart are wrong, and no more of them than are known.
fn explained(rejected: &Rejected, known: usize) -> bool {
    let one_sided = |kind| matches!(kind, FaultKind::Stray | FaultKind::Missing);
    rejected.faults.iter().all(|fault| one_sided(fault.kind))
        && rejected.lanes.iter().filter(|lane| lane.is_none()).count() <= known
}

/// A broken order or rule says more than the faults that follow from it.
fn weight(kind: FaultKind) -> u8 {
    u8::from(!matches!(kind, FaultKind::Stray | FaultKind::Missing))
}
