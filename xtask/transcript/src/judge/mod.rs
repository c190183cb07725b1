//! Is an output legal, and if not, why not?

mod assign;
mod explain;
mod neutral;
mod search;
mod table;
mod verdict;
mod window;

pub(crate) use assign::{Assignment, assign};
pub(crate) use search::State;
use search::{Found, search};
pub(crate) use table::Table;
pub use verdict::{Accepted, Fault, FaultKind, Rejected, Timing, Verdict};

use crate::model::{Comparison, Kind, Rule, Tally, Times, Transcript};

/// Lines beyond what any legal output has that an explanation looks at.
const MOST_EXTRA_LINES: usize = 1_000;

impl Transcript {
    /// Judges an output as the program printed it.
    pub fn judge(&self, output: &str, timing: Timing) -> Verdict {
        let waive = timing == Timing::Waived;
        let lines = self.lines(output);
        let table = Table::new(self, lines, waive);
        let rules: Vec<&Rule> = self.rules.iter().filter(|rule| !(waive && rule.timing)).collect();
        if !broken_rules(&table, &rules, None).is_empty() {
            return Verdict::Rejected(explain::explain(&table, &rules, output));
        }
        match search(&table, &rules) {
            Found::Order { events, bound } => {
                Verdict::Accepted(self.accepted(&table, events, &bound))
            }
            Found::OutOfBudget { states } => Verdict::Undecided { states },
            Found::Nothing => Verdict::Rejected(explain::explain(&table, &rules, output)),
        }
    }

    /// The output with pids and tids replaced by neutral values, as far as its lines can be told: two runs with the same
    /// fault read the same, but for what they measured.
    pub fn neutral_output(&self, output: &str) -> String {
        let table = Table::new(self, self.lines(output), false);
        neutral::neutral(&table).into_iter().map(|line| line + "\n").collect()
    }

    /// The lines of an output, without those that only a runaway program prints.
    fn lines<'o>(&self, output: &'o str) -> Vec<&'o str> {
        let endless = self.events.iter().any(|event| event.times == Times::Many);
        let most = if endless { usize::MAX } else { 2 * self.events.len() + MOST_EXTRA_LINES };
        // Not `lines`: it would hide a carriage return.
        output.split_terminator('\n').take(most).collect()
    }

    fn accepted(&self, table: &Table<'_>, events: Vec<usize>, bound: &[u32]) -> Accepted {
        let mut numbers = vec![None; self.variables.len()];
        let mut known = 0;
        let mut shape = Vec::new();
        for (line, &event) in events.iter().enumerate() {
            if table.waived[event] {
                shape.push(table.lines[line].to_owned());
                continue;
            }
            for &variable in table.holes(event) {
                let foreseeable = matches!(self.variables[variable].kind, Kind::Range(..));
                if numbers[variable].is_none() || self.variables[variable].fresh {
                    known += usize::from(!foreseeable);
                    let value = table.value(bound, variable).unwrap_or_default();
                    numbers[variable] =
                        Some(if foreseeable { value.to_owned() } else { format!("#{known}") });
                }
            }
            shape.push(self.fill(event, |variable| numbers[variable].as_deref()));
        }
        Accepted { warnings: self.slow(table, bound), events, shape }
    }

    /// Durations above their upper bound.
    fn slow(&self, table: &Table<'_>, bound: &[u32]) -> Vec<String> {
        let known = self.variables.iter().enumerate();
        let slow = known.filter_map(|(index, variable)| {
            let value = table.value(bound, index)?;
            let limit = variable.bound.filter(|_| !variable.keeps_bound(value))?;
            let sign = Comparison::sign(limit.comparison);
            Some(format!("{} is {value}, expected {sign} {}", variable.name, limit.limit))
        });
        slow.collect()
    }
}

/// The rules that the lines break, each with the line at which it was first broken; `None` at the end.
pub(crate) fn broken_rules(
    table: &Table<'_>,
    rules: &[&Rule],
    bound: Option<&[u32]>,
) -> Vec<(String, Option<usize>)> {
    let value = |variable| bound.and_then(|bound| table.number(bound, variable));
    let mut broken = Vec::new();
    for rule in rules {
        let alone = [(*rule).clone()];
        let mut tally = Tally::new(&alone);
        let early = table
            .lines
            .iter()
            .enumerate()
            .find_map(|(line, text)| Some((line, tally.line(&alone, text).err()?)));
        let place = table.transcript.place(rule.line);
        if let Some((line, found)) = early {
            let so_far = table.lines[..=line].iter().copied();
            let what = rule.explain(&found.values, so_far, value);
            broken.push((format!("at output line {}: {what} ({place})", line + 1), Some(line)));
        } else if let Err(found) = tally.end(&alone, value) {
            let what = rule.explain(&found.values, table.lines.iter().copied(), value);
            broken.push((format!("at the end: {what} ({place})"), None));
        }
    }
    broken
}
