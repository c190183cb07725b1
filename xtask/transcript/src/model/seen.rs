//! Rules about several runs: at least one of them must show something.

use std::fmt;

use super::rule::Rule;

/// The most runs that a rule may ask for: a check has to make them all before it can fail.
pub(crate) const MOST_RUNS: u32 = 1_000;

/// `seen {total} < 2000000 in 5 runs`: of the runs of a check, at least one must satisfy it. Displayed as written.
///
/// A single output cannot break such a rule. Judging says of each legal output whether it
/// [satisfies](crate::Accepted::seen) the rule, and [`Sightings`](crate::Sightings) adds up several runs.
#[derive(Debug, Clone)]
pub struct SeenRule {
    /// What a run must satisfy, as a `finally` rule.
    pub(crate) rule: Rule,
    pub(crate) runs: u32,
}

impl SeenRule {
    /// Its line in the file, from 1. A loop writes a rule out once for each turn.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "a | {n:int}\nseen {n} < 5 in 20 runs\n")?;
    /// assert_eq!(transcript.seen_rules()[0].line(), 2);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn line(&self) -> usize {
        self.rule.line
    }

    /// The number of legal runs after which it must have been satisfied.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let transcript = Transcript::parse("t.txt", "a | {n:int}\nseen {n} < 5 in 20 runs\n")?;
    /// assert_eq!(transcript.seen_rules()[0].runs(), 20);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn runs(&self) -> u32 {
        self.runs
    }

    /// What a run must satisfy, with the constants of its loops.
    ///
    /// ```
    /// use transcript::Transcript;
    ///
    /// let text = "for i in 1..=2\n  a *| task {i}\n  seen \"task {i}\" > 3 in 9 runs\n";
    /// let transcript = Transcript::parse("t.txt", text)?;
    /// assert_eq!(transcript.seen_rules()[1].condition(), "\"task {i}\" > 3 with i = 2");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn condition(&self) -> String {
        let turn: Vec<String> =
            self.rule.turn.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        match turn.is_empty() {
            true => self.rule.source.clone(),
            false => format!("{} with {}", self.rule.source, turn.join(", ")),
        }
    }
}

impl fmt::Display for SeenRule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "seen {} in {} runs", self.rule.source, self.runs)
    }
}
