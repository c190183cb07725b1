//! Which arrows of a transcript were attacked.

use std::fmt;

use crate::run::Trace;
use crate::target::{KnownLine, KnownLines, Target};

/// The arrows of a transcript, and which of them have withstood an attack.
///
/// An arrow `a -> b` puts an event before another. A run *attacks* it if the line of the first event is late, so late
/// that no other task can move. If the program itself keeps the order, the second line cannot come, however late the
/// first one is. If only luck kept the order, the second line comes, and the transcript rejects the run.
///
/// ```
/// let mut attacks = orders::Attacks::default();
/// attacks.add("child -> parent", [(0, 1)]);
/// assert_eq!(attacks.to_string(), "0 of 1 arrow attacked");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Attacks {
    arrows: Vec<Arrow>,
}

#[derive(Debug, Clone)]
struct Arrow {
    name: String,
    pairs: Vec<Pair>,
}

/// Two events in the order that an arrow demands.
#[derive(Debug, Clone)]
struct Pair {
    before: usize,
    after: usize,
    /// Whether a run has printed the lines of both, and whether one has printed only the line of `after`.
    is_shown: bool,
    is_missed: bool,
    /// Whether it has withstood an attack.
    is_attacked: bool,
}

/// Why an arrow was not attacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unattacked {
    /// No run has printed the lines of both its events.
    NotShown,
    /// The first line may be missing. If it is held back, it does not come at all.
    MayBeMissing,
    /// Whenever the first line came, some other task could still move.
    NeverLast,
}

impl Attacks {
    /// Adds an arrow: its name in reports, and each pair of events that it orders directly. An event is a number, as in
    /// [`Conclusion::events`](crate::Conclusion::events).
    pub fn add(&mut self, name: &str, pairs: impl IntoIterator<Item = (usize, usize)>) {
        let pair = |(before, after)| Pair {
            before,
            after,
            is_shown: false,
            is_missed: false,
            is_attacked: false,
        };
        let pairs = pairs.into_iter().map(pair).collect();
        self.arrows.push(Arrow { name: name.to_owned(), pairs });
    }

    /// The number of arrows.
    pub fn arrows(&self) -> usize {
        self.arrows.len()
    }

    /// How many arrows were attacked: each pair of their events, in at least one run.
    pub fn attacked(&self) -> usize {
        self.arrows.len() - self.open().count()
    }

    /// The names of the arrows that were not attacked yet, or only in part.
    pub fn open(&self) -> impl Iterator<Item = &str> {
        let open = self.arrows.iter().filter(|arrow| arrow.open().next().is_some());
        open.map(|arrow| arrow.name.as_str())
    }

    /// The same, each with the reason.
    pub fn unattacked(&self) -> impl Iterator<Item = (&str, Unattacked)> {
        self.arrows.iter().filter_map(|arrow| {
            let reason = |pair: &Pair| match pair {
                Pair { is_shown: false, .. } => Unattacked::NotShown,
                Pair { is_missed: true, .. } => Unattacked::MayBeMissing,
                Pair { .. } => Unattacked::NeverLast,
            };
            Some((arrow.name.as_str(), arrow.open().map(reason).min()?))
        })
    }

    /// How many pairs that were not attacked yet a run with this target will attack.
    ///
    /// If it holds lines of several tasks, each can move whenever another one is held: such a run promises nothing.
    pub(crate) fn gain(&self, target: &Target, known: &KnownLines) -> usize {
        let held: Vec<&KnownLine> = known.held_by(target).collect();
        if held.iter().any(|line| line.tasks != held[0].tasks || line.tasks.len() > 1) {
            return 0;
        }
        let is_held = |event: usize| held.iter().any(|line| line.events.contains(&event));
        let open = self.arrows.iter().flat_map(Arrow::open);
        open.filter(|pair| is_held(pair.before)).count()
    }

    /// Notes which pairs a legal run has attacked.
    pub(crate) fn record(&mut self, trace: &Trace) {
        let events = &trace.conclusion.events;
        for pair in self.arrows.iter_mut().flat_map(|arrow| &mut arrow.pairs) {
            // An event that may occur several times has occurred when its last line is there.
            let last = events.iter().rposition(|claim| *claim == Some(pair.before));
            let is_late = last.is_some_and(|line| trace.last_resorts.contains(&line));
            if !events.contains(&Some(pair.after)) {
                continue;
            }
            pair.is_shown |= last.is_some();
            pair.is_missed |= last.is_none();
            pair.is_attacked |= is_late;
        }
    }
}

impl Arrow {
    fn open(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(|pair| !pair.is_attacked)
    }
}

/// `each of 9 arrows attacked`, `7 of 9 arrows attacked`, `no arrow to attack`.
impl fmt::Display for Attacks {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.attacked(), self.arrows()) {
            (_, 0) => write!(out, "no arrow to attack"),
            (1, 1) => write!(out, "the arrow attacked"),
            (attacked, 1) => write!(out, "{attacked} of 1 arrow attacked"),
            (attacked, all) if attacked == all => write!(out, "each of {all} arrows attacked"),
            (attacked, all) => write!(out, "{attacked} of {all} arrows attacked"),
        }
    }
}
