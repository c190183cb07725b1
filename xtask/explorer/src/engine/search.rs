//! Which schedule is next: a depth-first search over the choices, or a list of choices that is played again.

use std::collections::HashMap;

use super::hash::BuildIdentity;

/// What a choice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Thread,
    Waiter,
    Store,
}

/// The answer to a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picked {
    Number(usize),
    /// What follows this state is known.
    Known,
    /// After the same choices, other ones followed in an earlier schedule.
    Different,
    /// The list of choices ends here.
    EndOfList,
    /// The list has a number that cannot be chosen.
    Impossible(u32),
}

/// How often each outcome follows, by the outcome's number.
pub(crate) type Counts = Vec<(u32, u128)>;

/// How choices are made.
pub(crate) enum Search {
    All(Tree),
    List { choices: Vec<u32>, used: usize },
}

/// A search of all schedules that begin with given choices.
#[derive(Default)]
pub(crate) struct Tree {
    /// The given choices, and how many of them were made in this schedule.
    given: Vec<u32>,
    used: usize,
    levels: Vec<Level>,
    /// The level of the next choice.
    depth: usize,
    /// What follows each state; none if states are not merged.
    known: Option<HashMap<u64, Counts, BuildIdentity>>,
    /// What follows the start.
    total: Counts,
}

/// A choice on the way to the present state.
struct Level {
    kind: Kind,
    /// A bit for each number that may be chosen.
    options: u64,
    chosen: usize,
    /// The state in which the choice is made, if it may be merged.
    state: Option<u64>,
    /// What follows the numbers that were chosen so far.
    counts: Counts,
}

impl Search {
    /// No choice at all.
    pub(crate) const NONE: Self = Self::list(Vec::new());

    /// These choices, in one schedule.
    pub(crate) const fn list(choices: Vec<u32>) -> Self {
        Self::List { choices, used: 0 }
    }

    /// Whether the next choice is a new one, whose state might be known.
    #[inline]
    pub(crate) fn asks_for_state(&self) -> bool {
        match self {
            Self::All(tree) => {
                tree.known.is_some()
                    && tree.used == tree.given.len()
                    && tree.depth == tree.levels.len()
            }
            Self::List { .. } => false,
        }
    }

    /// Makes a choice. `options` has a bit for each number, and more than one; `state` names the present state, if it
    /// may be merged.
    #[inline]
    pub(crate) fn pick(&mut self, kind: Kind, options: u64, state: Option<u64>) -> Picked {
        match self {
            Self::All(tree) => tree.pick(kind, options, state),
            Self::List { choices, used } => {
                given(choices, used, options).unwrap_or(Picked::EndOfList)
            }
        }
    }

    /// How many choices were made in this schedule.
    pub(crate) fn made(&self) -> usize {
        match self {
            Self::All(tree) => tree.used + tree.depth,
            Self::List { used, .. } => *used,
        }
    }
}

impl Tree {
    pub(crate) fn new(given: Vec<u32>, merged: bool) -> Self {
        Self { given, known: merged.then(HashMap::default), ..Self::default() }
    }

    #[inline]
    fn pick(&mut self, kind: Kind, options: u64, state: Option<u64>) -> Picked {
        if let Some(picked) = given(&self.given, &mut self.used, options) {
            return picked;
        }
        if let Some(level) = self.levels.get(self.depth) {
            if level.options != options || level.kind != kind {
                return Picked::Different;
            }
            self.depth += 1;
            return Picked::Number(level.chosen);
        }
        if let (Some(state), Some(known)) = (&state, &self.known)
            && let Some(counts) = known.get(state)
        {
            let here = self.levels.last_mut().map_or(&mut self.total, |level| &mut level.counts);
            add(here, counts);
            return Picked::Known;
        }
        let chosen = options.trailing_zeros() as usize;
        self.levels.push(Level { kind, options, chosen, state, counts: Vec::new() });
        self.depth += 1;
        Picked::Number(chosen)
    }

    /// Notes that the schedule has ended with this outcome.
    pub(crate) fn ended(&mut self, outcome: u32) {
        let here = self.levels.last_mut().map_or(&mut self.total, |level| &mut level.counts);
        add(here, &[(outcome, 1)]);
    }

    /// Goes to the next schedule. Returns whether there is one.
    pub(crate) fn advance(&mut self) -> bool {
        (self.used, self.depth) = (0, 0);
        while let Some(level) = self.levels.last_mut() {
            let later = level.options & (!1 << level.chosen);
            if later != 0 {
                level.chosen = later.trailing_zeros() as usize;
                return true;
            }
            self.leave();
        }
        false
    }

    /// Leaves all choices, also if not everything that follows them is known. Returns how many states are known, if
    /// they are merged, and how often each outcome was found.
    pub(crate) fn finish(&mut self) -> (Option<u64>, Counts) {
        let known = self.known.take();
        while !self.levels.is_empty() {
            self.leave();
        }
        (known.map(|known| known.len() as u64), std::mem::take(&mut self.total))
    }

    fn leave(&mut self) {
        let Some(level) = self.levels.pop() else { return };
        let above = self.levels.last_mut().map_or(&mut self.total, |above| &mut above.counts);
        add(above, &level.counts);
        if let (Some(state), Some(known)) = (level.state, &mut self.known) {
            known.insert(state, level.counts);
        }
    }

    /// The choices of the present schedule.
    pub(crate) fn choices(&self) -> Vec<u32> {
        let found = self.levels[..self.depth].iter().map(|level| level.chosen as u32);
        self.given.iter().copied().chain(found).collect()
    }
}

/// The next one of the given choices, if one is left.
fn given(choices: &[u32], used: &mut usize, options: u64) -> Option<Picked> {
    let number = *choices.get(*used)?;
    if number >= u64::BITS || options & 1 << number == 0 {
        return Some(Picked::Impossible(number));
    }
    *used += 1;
    Some(Picked::Number(number as usize))
}

fn add(sum: &mut Counts, counts: &[(u32, u128)]) {
    for &(outcome, count) in counts {
        match sum.iter_mut().find(|(other, _)| *other == outcome) {
            Some((_, sum)) => *sum = sum.saturating_add(count),
            None => sum.push((outcome, count)),
        }
    }
}
