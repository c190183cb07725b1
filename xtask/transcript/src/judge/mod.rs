//! Is an output legal, and if not, why not?

mod assign;
mod broken;
mod explain;
mod joined;
mod neutral;
mod report;
mod rules;
mod search;
mod sight;
mod sightings;
mod stray;
mod table;
mod untimed;
mod verdict;
mod window;

use explain::explain;
use rules::broken_rules;
use search::{Found, search};
use sight::{Sight, sights};
pub use sightings::Sightings;
pub(crate) use table::Table;
use untimed::untimed;
pub use verdict::{Accepted, Fault, FaultKind, Rejected, Timing, Verdict};

use crate::budget::{Budget, Exhausted};
use crate::model::{Comparison, Kind, Times, Transcript};

/// How many lines of an output are looked at beyond twice the longest legal one.
const MOST_EXTRA_LINES: usize = 1_000;

impl Transcript {
    /// Judges an output as the program printed it: each line with its newline.
    ///
    /// It takes about a second at worst. [`Transcript::judge_within`] takes another limit, and can be interrupted.
    ///
    /// ```
    /// use transcript::{FaultKind, Timing, Transcript, Verdict};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | one\na -> b\nb | two\n")?;
    /// assert!(matches!(transcript.judge("one\ntwo\n", Timing::Judged), Verdict::Accepted(_)));
    /// let Verdict::Rejected(rejected) = transcript.judge("two\none\n", Timing::Judged) else {
    ///     panic!("accepted")
    /// };
    /// assert_eq!(rejected.faults[0].kind, FaultKind::Order);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn judge(&self, output: &str, timing: Timing) -> Verdict {
        self.judge_within(output, timing, &Budget::default())
    }

    /// Judges an output within a budget. When the budget is spent, the verdict is undecided.
    ///
    /// ```
    /// use transcript::{Budget, Timing, Transcript, Verdict};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | left\nb | right\n")?;
    /// let verdict = transcript.judge_within("left\nright\n", Timing::Judged, &Budget::default());
    /// assert!(matches!(verdict, Verdict::Accepted(_)));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn judge_within(&self, output: &str, timing: Timing, budget: &Budget<'_>) -> Verdict {
        let verdict = match timing {
            Timing::Judged => self.verdict(output, budget),
            Timing::Waived if self.claims_time() => untimed(self)
                .verdict(output, budget)
                .map(|verdict| self.with_original_lanes(verdict)),
            Timing::Waived => self.verdict(output, budget),
        };
        verdict.unwrap_or_else(Verdict::Undecided)
    }

    fn verdict(&self, output: &str, budget: &Budget<'_>) -> Result<Verdict, Exhausted> {
        let table = Table::new(self, self.lines(output), budget)?;
        let ends = output.is_empty() || output.ends_with('\n');
        if ends && broken_rules(&table, None, budget)?.is_empty() {
            if let Some(Found { events, bound }) = search(&table, budget)? {
                let sights = budget.part(2, |budget| sights(&table, &bound, budget));
                return Ok(Verdict::Accepted(self.accepted(&table, events, &bound, sights)));
            }
            if !table.complete {
                // Not all ways to read the lines are known, and an unknown one may be legal.
                return Err(Exhausted::Readings);
            }
        }
        // Explaining gets a budget of its own.
        let rejected = budget.part(2, |budget| explain(&table, output, budget));
        // The caller has stopped the work: no explanation.
        budget.spend(0).or_else(|why| match why {
            Exhausted::Stopped => Err(why),
            _ => Ok(()),
        })?;
        Ok(Verdict::Rejected(rejected))
    }

    /// Translates a verdict on the untimed transcript, in which each claim about time is in a lane of its own.
    fn with_original_lanes(&self, mut verdict: Verdict) -> Verdict {
        if let Verdict::Rejected(rejected) = &mut verdict {
            for lane in rejected.lanes.iter_mut().flatten() {
                // Those lanes are the last ones, one for each event.
                let timed = self.events.iter().filter(|event| event.timing);
                let own = lane.checked_sub(self.lanes.len()).and_then(|n| timed.clone().nth(n));
                *lane = own.map_or(*lane, |event| event.lane);
            }
        }
        verdict
    }

    /// The output with pids and tids replaced by neutral values, in the lines that fit an event: two runs with the same
    /// fault read the same, except for measured values.
    ///
    /// ```
    /// let transcript = transcript::Transcript::parse("demo.txt", "a | I am {p:pid}\n")?;
    /// assert_eq!(transcript.neutral_output("I am 4711\n"), "I am 100\n");
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn neutral_output(&self, output: &str) -> String {
        let Ok(table) = Table::new(self, self.lines(output), &Budget::default()) else {
            return output.to_owned();
        };
        let mut neutral: String =
            neutral::neutral(&table).into_iter().map(|line| line + "\n").collect();
        if !output.ends_with('\n') {
            neutral.pop();
        }
        neutral
    }

    /// The lines of an output, without the excess of a runaway program.
    fn lines<'o>(&self, output: &'o str) -> Vec<&'o str> {
        // Not `str::lines`: it would hide a carriage return.
        output.split_terminator('\n').take(self.most_lines()).collect()
    }

    /// The most lines of an output that are looked at.
    pub(crate) fn most_lines(&self) -> usize {
        let endless = self.events.iter().any(|event| event.times == Times::Many);
        if endless { usize::MAX } else { 2 * self.events.len() + MOST_EXTRA_LINES }
    }

    fn accepted(
        &self,
        table: &Table<'_>,
        events: Vec<usize>,
        bound: &[u32],
        sights: Vec<Sight>,
    ) -> Accepted {
        let mut numbers = vec![None; self.variables.len()];
        let mut known = 0;
        let mut shape = Vec::new();
        for &event in &events {
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
        Accepted { warnings: self.slow(table, bound), events, shape, sights }
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
