//! Warnings about transcripts that are valid but weak.

mod atoms;
mod foresee;
mod overlap;
mod printable;
mod style;

use std::collections::HashSet;
use std::fmt;

pub(crate) use foresee::{Foreseen, foresee};
use overlap::overlap;
pub(crate) use printable::Printable;

use crate::budget::{Budget, Exhausted};
use crate::model::{Times, Transcript};

/// A weakness of a transcript. Displayed as `file:line: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lint {
    /// The file's name, as given to [`Transcript::parse`].
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What is weak, and what to do.
    pub message: String,
}

impl fmt::Display for Lint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl Transcript {
    /// Warns of everything that weakens or obscures a transcript, from the first line to the last:
    ///
    /// - two unordered events that can print the same line: a run does not show which of them did;
    /// - a hole that can end in several places, if the place matters;
    /// - a name that is not used again;
    /// - a text that a rule adds twice.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "a | took {t:secs} s\n")?;
    /// assert_eq!(transcript.lint()[0].to_string(), "t.txt:1: nothing uses `{t}` again: write `{:secs}`");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn lint(&self) -> Vec<Lint> {
        let found =
            [self.alike(), style::unclear_ends(self), style::unused(self), style::doubled(self)];
        let mut found: Vec<(usize, String)> = found.into_iter().flatten().collect();
        // Each turn of a loop gives the same warning.
        let mut told = HashSet::new();
        found.retain(|lint| told.insert(lint.clone()));
        found.sort_by_key(|lint| lint.0);
        let lint = |(line, message)| Lint { file: self.name.clone(), line, message };
        found.into_iter().map(lint).collect()
    }

    fn alike(&self) -> Vec<(usize, String)> {
        let mut told = HashSet::new();
        let budget = Budget::default();
        // Further pairs would be more of the same.
        let pairs = self
            .ambiguous_pairs(&budget)
            .map_while(Result::ok)
            .filter(|&(one, other)| told.insert((self.events[one].line, self.events[other].line)));
        let lint = |(one, other): (usize, usize)| {
            let lane = |event: usize| self.lanes[self.events[event].lane].as_str();
            let message = format!(
                "lanes {} and {} can print the same line here and in line {}: print something that tells them apart",
                lane(one),
                lane(other),
                self.events[other].line
            );
            (self.events[one].line, message)
        };
        pairs.map(lint).collect()
    }

    /// Pairs of events that can claim the same line and that no order tells apart, in the order of the file, until the
    /// budget is spent.
    pub(crate) fn ambiguous_pairs(
        &self,
        budget: &Budget<'_>,
    ) -> impl Iterator<Item = Result<(usize, usize), Exhausted>> {
        let events = 0..self.events.len();
        let pairs =
            events.flat_map(|one| (one + 1..self.events.len()).map(move |other| (one, other)));
        // If one of them is optional, order does not tell them apart either.
        let certain = |event: usize| self.events[event].times == Times::Once;
        let open =
            move |one, other| self.order.unordered(one, other) || !(certain(one) && certain(other));
        pairs.filter(move |&(one, other)| open(one, other)).filter_map(move |(one, other)| {
            match overlap(self, one, other, budget) {
                Ok(both) => both.then_some(Ok((one, other))),
                Err(why) => Some(Err(why)),
            }
        })
    }

    /// A `*|` event that can claim the line that its lane prints next, so that its end is unclear.
    pub(crate) fn endless(&self, budget: &Budget<'_>) -> Result<Option<usize>, Exhausted> {
        let certain = |event: &usize| self.events[*event].times == Times::Once;
        let many = |event: &usize| self.events[*event].times == Times::Many;
        for event in (0..self.events.len()).filter(many) {
            let lane = &self.order.lanes[self.events[event].lane];
            let after = &lane[self.order.position[event] as usize + 1..];
            let next = after.iter().position(certain).map_or(after.len(), |last| last + 1);
            for &other in &after[..next] {
                if overlap(self, event, other, budget)? {
                    return Ok(Some(event));
                }
            }
        }
        Ok(None)
    }
}
