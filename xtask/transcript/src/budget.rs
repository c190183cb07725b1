//! How much work an answer may take.
//!
//! Work is counted in steps, so that an answer is the same on each machine. The crate reads no clock: a caller that has
//! a deadline, or must react to Ctrl-C, ends the work through a closure.

use std::cell::Cell;
use std::fmt;

use crate::text::grouped;

/// How much work a verdict, a count or a sample may take.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use transcript::{Budget, Timing, Transcript};
///
/// let transcript = Transcript::parse("demo.txt", "a | left\nb | right\n")?;
/// let start = Instant::now();
/// let too_late = || start.elapsed() > Duration::from_secs(2);
/// let budget = Budget::default().until(&too_late);
/// transcript.judge_within("right\nleft\n", Timing::Judged, &budget);
/// assert!(budget.spent() < 1_000);
/// # Ok::<(), transcript::ParseError>(())
/// ```
pub struct Budget<'s> {
    steps: u64,
    spent: Cell<u64>,
    /// Called now and then; `true` ends the work.
    stop: Option<&'s dyn Fn() -> bool>,
    /// The number of steps at which to call it again.
    ask_at: Cell<u64>,
    stopped: Cell<bool>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exhausted {
    /// All the steps of the budget are spent.
    Steps(u64),
    /// A line can be read in too many ways.
    Readings,
    /// The caller ended the work: see [`Budget::until`].
    Stopped,
}

/// Steps of the default budget: about a second's work, without optimisation.
const STEPS: u64 = 10_000_000;

/// Steps between two calls of the closure that may stop the work: some milliseconds' work.
const STEPS_PER_POLL: u64 = 20_000;

impl Default for Budget<'_> {
    /// Enough for about a second's work.
    fn default() -> Self {
        Budget::of(STEPS)
    }
}

impl<'s> Budget<'s> {
    /// A budget of `steps` steps; 10,000,000 take about a second without optimisation.
    ///
    /// ```
    /// use transcript::{Budget, Timing, Transcript, Verdict};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | left\nb | right\n")?;
    /// let verdict = transcript.judge_within("left\nright\n", Timing::Judged, &Budget::of(1));
    /// assert!(matches!(verdict, Verdict::Undecided(_)));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn of(steps: u64) -> Budget<'s> {
        let (spent, ask_at, stopped) = (Cell::new(0), Cell::new(0), Cell::new(false));
        Budget { steps, spent, stop: None, ask_at, stopped }
    }

    /// The same budget, which also ends as soon as `stop` returns true, for example after a deadline or an interrupt.
    /// `stop` is called every few milliseconds.
    ///
    /// ```
    /// use transcript::{Budget, Exhausted, Timing, Transcript, Verdict};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | left\nb | right\n")?;
    /// let interrupted = || true;
    /// let budget = Budget::default().until(&interrupted);
    /// let verdict = transcript.judge_within("left\nright\n", Timing::Judged, &budget);
    /// assert!(matches!(verdict, Verdict::Undecided(Exhausted::Stopped)));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    #[must_use]
    pub fn until(self, stop: &'s dyn Fn() -> bool) -> Budget<'s> {
        Budget { stop: Some(stop), ..self }
    }

    /// The steps taken so far.
    ///
    /// ```
    /// use transcript::{Budget, Transcript};
    ///
    /// let transcript = Transcript::parse("demo.txt", "a | left\nb | right\n")?;
    /// let budget = Budget::default();
    /// transcript.count_within(&budget);
    /// assert!((1..1_000).contains(&budget.spent()));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    pub fn spent(&self) -> u64 {
        self.spent.get()
    }

    /// Takes `steps` steps, if they are left.
    pub(crate) fn spend(&self, steps: usize) -> Result<(), Exhausted> {
        let spent = self.spent.get() + steps as u64;
        self.spent.set(spent);
        if spent >= self.ask_at.get() {
            self.ask_at.set(spent + STEPS_PER_POLL);
            self.stopped.set(self.stopped.get() || self.stop.is_some_and(|stop| stop()));
        }
        match self.stopped.get() {
            true => Err(Exhausted::Stopped),
            false if spent > self.steps => Err(Exhausted::Steps(self.steps)),
            false => Ok(()),
        }
    }

    /// Does some work on a separate budget: a fraction of the whole one, even if all of that is spent.
    pub(crate) fn part<T>(&self, divisor: u64, work: impl FnOnce(&Budget<'_>) -> T) -> T {
        let mut part = Budget::of(self.steps / divisor);
        part.stop = self.stop;
        part.stopped = self.stopped.clone();
        let result = work(&part);
        self.spent.set(self.spent() + part.spent());
        self.stopped.set(part.stopped.get());
        result
    }
}

impl fmt::Debug for Budget<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Budget({} of {} steps)", self.spent(), self.steps)
    }
}

impl fmt::Display for Exhausted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exhausted::Steps(steps) => {
                write!(
                    out,
                    "the search gave up after {} steps; make lines easier to tell apart",
                    grouped(u128::from(*steps))
                )
            }
            Exhausted::Readings => {
                write!(out, "a line can be read in too many ways; put other text between its holes")
            }
            Exhausted::Stopped => write!(out, "the search was interrupted"),
        }
    }
}

impl std::error::Error for Exhausted {}
