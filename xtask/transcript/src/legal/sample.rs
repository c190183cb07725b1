//! Makes legal outputs.

use fastrand::Rng;

use super::solve::{asks_for_values, solve};
use super::values::{neutral_values, random_values};
use super::walk::{AnyOrder, FileOrder, Guide, walk};
use crate::budget::Budget;
use crate::model::{Term, Transcript};

/// Attempts to make a sample, each with its share of the budget.
const ATTEMPTS: u64 = 4;

impl Transcript {
    /// The run that the file shows from top to bottom, with neutral values: pids 100, 101, ...
    ///
    /// Empty if the rules forbid that run.
    ///
    /// ```
    /// let transcript = transcript::Transcript::parse("demo.txt", "a | I am {p:pid}\nb | not {p}\n")?;
    /// assert_eq!(transcript.neutral(), ["I am 100", "not 100"]);
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn neutral(&self) -> Vec<String> {
        let budget = Budget::default();
        let rng = &mut Rng::with_seed(0);
        self.made(neutral_values(self), &mut FileOrder, rng, &budget).unwrap_or_default()
    }

    /// A random legal output; the same seed gives the same one. `None` if none was found: there may still be some.
    ///
    /// ```
    /// use transcript::{Timing, Transcript, Verdict};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | left\nb | right\n")?;
    /// let lines = transcript.sample(1).expect("a legal output");
    /// let output: String = lines.iter().map(|line| format!("{line}\n")).collect();
    /// assert!(matches!(transcript.judge(&output, Timing::Judged), Verdict::Accepted(_)));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn sample(&self, seed: u64) -> Option<Vec<String>> {
        self.sample_within(seed, &Budget::default())
    }

    /// The same as [`Transcript::sample`], within a budget.
    ///
    /// ```
    /// let transcript = transcript::Transcript::parse("demo.txt", "a | left\n")?;
    /// let budget = transcript::Budget::default();
    /// assert_eq!(transcript.sample_within(1, &budget), Some(vec!["left".to_owned()]));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn sample_within(&self, seed: u64, budget: &Budget<'_>) -> Option<Vec<String>> {
        let mut rng = Rng::with_seed(seed);
        (0..ATTEMPTS).find_map(|_| {
            let values = random_values(self, &mut rng)?;
            let mut order = rng.fork();
            budget.part(ATTEMPTS, |budget| {
                self.made(values, &mut AnyOrder(&mut order), &mut rng, budget)
            })
        })
    }

    /// A run with these values, or with others if the rules demand them.
    fn made(
        &self,
        mut values: Vec<String>,
        guide: &mut impl Guide,
        rng: &mut Rng,
        budget: &Budget<'_>,
    ) -> Option<Vec<String>> {
        solve(self, &mut values, None, rng);
        // A rule that compares a value with a number of lines can be solved now that there are lines.
        let counts = |term: &(i64, Term)| matches!(term.1, Term::Lines(_));
        let late = self.rules.iter().filter(|rule| asks_for_values(self, rule));
        if late.flat_map(|rule| rule.left.iter().chain(&rule.right)).any(counts) {
            let mut open = self.clone();
            open.rules.retain(|rule| !asks_for_values(self, rule));
            let draft = budget.part(2, |budget| walk(&open, &values, guide, budget))?;
            solve(self, &mut values, Some(&draft.lines), rng);
        }
        walk(self, &values, guide, budget).map(|run| run.lines)
    }
}
