//! A transcript's literal text, rewritten from a real output.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use super::pairing::pair;
use super::quotes::follow;
use super::wording::Edits;
use crate::budget::{Budget, Exhausted};
use crate::judge::{Fault, FaultKind, Rejected, Table, Timing, Verdict};
use crate::model::{SourcePart, Transcript};
use crate::text::{is_plain, visible};

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

/// A decision that bless leaves to a person. Displayed as a place and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The line of the output, from 1.
    pub output: Option<usize>,
    /// The line of the transcript, from 1.
    pub line: Option<usize>,
    /// What cannot be decided, and what to do.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.output, self.line) {
            (Some(line), _) => write!(out, "output line {line}: {}", self.message),
            (None, Some(line)) => write!(out, "transcript line {line}: {}", self.message),
            (None, None) => out.write_str(&self.message),
        }
    }
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
    /// assert_eq!(
    ///     blessed.refused[0].to_string(),
    ///     "output line 1: \"One is now ready\" could be the new wording of line 1 or 2 of the transcript: write it there"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bless(&self, output: &str) -> Blessed {
        let lines: Vec<&str> = output.split_terminator('\n').collect();
        if lines.len() > self.most_lines() {
            let what = format!("the output has {} lines, far more than any legal one", lines.len());
            return self.unchanged(vec![Refusal { output: None, line: None, message: what }]);
        }
        let budget = Budget::default();
        let gives_up = |why: Exhausted| {
            let message = why.to_string();
            self.unchanged(vec![Refusal { output: None, line: None, message }])
        };
        if let Verdict::Accepted(_) = self.judge(output, Timing::Judged) {
            return self.unchanged(Vec::new());
        }
        let table = match Table::new(self, lines, &budget) {
            Ok(table) => table,
            Err(why) => return gives_up(why),
        };
        let pairing = match pair(&table, is_plain, &budget) {
            Ok(pairing) => pairing,
            Err(why) => return gives_up(why),
        };
        let mut refused: Vec<Refusal> = pairing
            .lines
            .iter()
            .map(|(line, sources)| Refusal {
                output: Some(line + 1),
                line: None,
                message: unmatched_line(
                    table.lines[*line],
                    sources,
                    pairing.unclear.contains(line),
                ),
            })
            .collect();
        refused.extend(pairing.events.iter().map(|&event| Refusal {
            output: None,
            line: Some(self.events[event].line),
            message: format!(
                "no output line for \"{}\": remove the event, or find why it is missing",
                self.events[event].text
            ),
        }));
        let claim =
            |&(line, source): &(usize, usize)| (source, (line + 1, visible(table.lines[line])));
        let claims: Vec<_> = pairing.claims.iter().map(claim).collect();
        let mut edits = pairing.edits;
        if !pairing.whole {
            edits.clear();
            refused.extend(claims.iter().map(|(source, (line, text))| Refusal {
                output: Some(*line),
                line: Some(*source),
                message: format!(
                    "\"{text}\" could be the new wording of line {source}: \
                     bless writes it when each line has an event and each event has a line"
                ),
            }));
        }
        match self.with(edits, &claims, output, &mut refused) {
            Some(text) => {
                let lines = self.text.lines().zip(text.lines()).enumerate();
                let changed = lines.filter(|(_, (old, new))| old != new).map(|(at, _)| at + 1);
                Blessed { changed: changed.collect(), text, refused }
            }
            None => self.unchanged(refused),
        }
    }

    fn unchanged(&self, refused: Vec<Refusal>) -> Blessed {
        Blessed { text: self.text.clone(), changed: Vec::new(), refused }
    }

    /// The text with all edits that do no harm; adds the others to the refusals.
    fn with(
        &self,
        mut edits: Edits,
        claims: &[(usize, (usize, Cow<'_, str>))],
        output: &str,
        refused: &mut Vec<Refusal>,
    ) -> Option<String> {
        while !edits.is_empty() {
            let culprit = match follow(self, &edits, &self.rewritten(&edits)) {
                Ok((text, new)) => {
                    let fault = new.remaining_fault(output, refused.is_empty(), refused.len());
                    refused.extend(fault.iter().cloned());
                    return fault.is_none().then_some(text);
                }
                Err(culprit) => culprit,
            };
            edits.retain(|source, _| !culprit.lines.contains(source));
            for (source, (line, text)) in
                claims.iter().filter(|(source, _)| culprit.lines.contains(source))
            {
                let message = format!(
                    "\"{text}\" is the new wording of line {source}, but {}",
                    culprit.reason
                );
                refused.push(Refusal { output: Some(*line), line: Some(*source), message });
            }
        }
        let fault = self.remaining_fault(output, refused.is_empty(), refused.len());
        refused.extend(fault);
        None
    }

    /// What else is wrong with the output, apart from the lines and events that are refused already.
    fn remaining_fault(&self, output: &str, whole: bool, known: usize) -> Option<Refusal> {
        let why = match self.judge(output, Timing::Judged) {
            Verdict::Accepted(_) => return None,
            Verdict::Rejected(rejected) if !whole && explained(&rejected, known) => return None,
            Verdict::Rejected(rejected) => {
                let first = rejected.faults.iter().max_by_key(|fault| weight(fault.kind));
                first.map_or_else(String::new, Fault::in_a_line)
            }
            Verdict::Undecided(why) => why.to_string(),
        };
        let message =
            format!("nothing is written: the output is not legal with any wording: {why}");
        Some(Refusal { output: None, line: None, message })
    }

    /// The file's text with new literals in some of its lines.
    fn rewritten(&self, edits: &Edits) -> String {
        let line = |(index, line): (usize, &str)| match edits.get(&(index + 1)) {
            Some(literals) => {
                let end = line.len() - line.trim_end_matches(['\n', '\r']).len();
                let (line, end) = line.split_at(line.len() - end);
                self.rewrite(index + 1, line, literals) + end
            }
            None => line.to_owned(),
        };
        self.text.split_inclusive('\n').enumerate().map(line).collect()
    }

    /// The source line with new literals around its old holes.
    fn rewrite(&self, source: usize, old: &str, literals: &[String]) -> String {
        let event = self
            .events
            .iter()
            .find(|event| event.line == source)
            .expect("a rewritten line has an event");
        let holes = event.source.iter().filter_map(|part| match part {
            SourcePart::Hole { written, .. } => Some(written.as_str()),
            SourcePart::Text(_) => None,
        });
        let head = old.find('|').map_or(old.len(), |bar| bar + 1);
        let mut line = format!("{} ", &old[..head]);
        for (literal, hole) in literals.iter().zip(holes.chain([""])) {
            line.push_str(&literal.replace('{', "{{").replace('}', "}}"));
            line.push_str(hole);
        }
        line
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

fn unmatched_line(text: &str, sources: &BTreeSet<usize>, unclear: bool) -> String {
    let shown = visible(text);
    if !is_plain(text) {
        return format!(
            "\"{shown}\" has characters that a reader of the transcript would not see: print it without them"
        );
    }
    if unclear {
        return format!("\"{shown}\" is like too many lines of the transcript: write it there");
    }
    let mut sources: Vec<String> = sources.iter().map(ToString::to_string).collect();
    match (sources.pop(), sources.is_empty()) {
        (None, _) => format!("no event for \"{shown}\": write one"),
        (Some(only), true) => format!(
            "\"{shown}\" could be the new wording of line {only} of the transcript, \
             but this is not certain: write it there"
        ),
        (Some(last), false) => format!(
            "\"{shown}\" could be the new wording of line {} or {last} of the transcript: write it there",
            sources.join(", ")
        ),
    }
}
