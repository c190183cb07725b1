//! The search for an order that explains an output.

use rustc_hash::FxHashSet;

use super::rules::STEPS_PER_LINE;
use super::table::{Table, UNBOUND};
use super::window;
use crate::budget::{Budget, Exhausted};
use crate::model::{Member, Rule, Symmetry, Tally, Times};

/// An order that explains an output.
pub(crate) struct Found {
    /// For each line, its event.
    pub(crate) events: Vec<usize>,
    /// The values of the variables.
    pub(crate) bound: Vec<u32>,
}

/// A point in a run: how many events of each lane have happened, and which values they bound.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    pub(crate) done: Vec<u32>,
    pub(crate) bound: Vec<u32>,
}

impl State {
    pub(crate) fn new(table: &Table<'_>) -> State {
        let transcript = table.transcript;
        State {
            done: vec![0; transcript.lanes.len()],
            bound: vec![UNBOUND; transcript.variables.len()],
        }
    }
}

/// One level of the depth-first search: a state, and the choices that are left to try there.
struct Level {
    state: State,
    line: usize,
    /// The event that led here, if it claimed a line.
    claimed: Option<usize>,
    choices: Vec<Choice>,
}

/// One step from a state to the next.
struct Choice {
    event: usize,
    /// Which of the event's captures; none if an optional event is skipped.
    capture: Option<usize>,
}

/// Assigns the lines to events, one after the other, so that the order is kept.
pub(crate) fn search(table: &Table<'_>, budget: &Budget<'_>) -> Result<Option<Found>, Exhausted> {
    let Some(latest) = window::latest(table, budget)? else {
        return Ok(None);
    };
    let search = Search {
        table,
        latest,
        symmetry: Symmetry::new(table.transcript),
        last_use: table.transcript.last_use(),
        comparisons: Comparisons::new(table, budget)?,
    };
    let cost = search.cost();
    let mut dead = FxHashSet::default();
    let start = State::new(table);
    let choices = search.choices(&start, 0);
    let mut path = vec![Level { state: start, line: 0, claimed: None, choices }];
    while let Some(level) = path.last_mut() {
        if search.complete(level) {
            let bound = level.state.bound.clone();
            let events = path.iter().filter_map(|level| level.claimed).collect();
            return Ok(Some(Found { events, bound }));
        }
        let Some(choice) = level.choices.pop() else {
            path.pop();
            continue;
        };
        budget.spend(cost)?;
        let next = search.follow(level, &choice);
        if let Some(next) = next.filter(|next| dead.insert(search.key(&next.state, next.line))) {
            path.push(next);
        }
    }
    Ok(None)
}

struct Search<'t> {
    table: &'t Table<'t>,
    /// The last line that each event can claim.
    latest: Vec<isize>,
    symmetry: Symmetry,
    /// For each variable and lane, how many events of the lane must have happened before the variable is no longer
    /// needed.
    last_use: Vec<Vec<u32>>,
    comparisons: Comparisons,
}

/// Rules that mention variables, whose values are known only at the end, and what these rules count in the lines.
struct Comparisons {
    rules: Vec<Rule>,
    tally: Tally,
}

impl Comparisons {
    fn new(table: &Table<'_>, budget: &Budget<'_>) -> Result<Comparisons, Exhausted> {
        let compares = |rule: &&Rule| rule.variables().next().is_some();
        let rules: Vec<Rule> = table.transcript.rules.iter().filter(compares).cloned().collect();
        let mut tally = Tally::new(&rules);
        for (index, rule) in rules.iter().enumerate() {
            for line in &table.lines {
                budget.spend(STEPS_PER_LINE)?;
                tally.count(index, rule, line);
            }
        }
        Ok(Comparisons { rules, tally })
    }
}

impl Search<'_> {
    /// What a state costs, in steps of a budget: the search looks at each lane and each variable several times.
    fn cost(&self) -> usize {
        10 + 2 * self.table.transcript.lanes.len() + self.table.transcript.variables.len()
    }

    fn complete(&self, level: &Level) -> bool {
        let number = |variable| self.table.number(&level.state.bound, variable);
        level.line == self.table.lines.len()
            && (0..level.state.done.len()).all(|lane| {
                let rest =
                    &self.table.transcript.order.lanes[lane][level.state.done[lane] as usize..];
                rest.iter().all(|&event| !self.table.certain(event))
            })
            && self.comparisons.tally.end(&self.comparisons.rules, number).is_ok()
    }

    /// The events that can happen next. The most promising comes last: the event whose last possible line is the
    /// earliest.
    fn choices(&self, state: &State, line: usize) -> Vec<Choice> {
        let order = &self.table.transcript.order;
        let next: Vec<usize> = order.next(&state.done).collect();
        if next.iter().any(|&event| self.table.certain(event) && self.latest[event] < line as isize)
        {
            return Vec::new();
        }
        let mut claims = Vec::new();
        let mut skips = Vec::new();
        for event in next.into_iter().filter(|&event| order.enabled(event, &state.done)) {
            if !self.table.certain(event) {
                skips.push(Choice { event, capture: None });
            }
            if line == self.table.lines.len() || self.latest[event] < line as isize {
                continue;
            }
            let captures = self.table.captures(event, line).len();
            claims.extend((0..captures).map(|capture| Choice { event, capture: Some(capture) }));
        }
        claims.sort_by_key(|choice| std::cmp::Reverse(self.latest[choice.event]));
        skips.extend(claims);
        skips
    }

    fn follow(&self, level: &Level, choice: &Choice) -> Option<Level> {
        let table = self.table;
        let event = &table.transcript.events[choice.event];
        let mut state = level.state.clone();
        let mut line = level.line;
        if let Some(capture) = choice.capture {
            let capture = &table.captures(choice.event, line)[capture];
            if !table.bind(choice.event, capture, &mut state.bound) {
                return None;
            }
            line += 1;
        }
        // A repeated event stays the next one until it is skipped.
        if choice.capture.is_none() || event.times != Times::Many {
            state.done[event.lane] += 1;
        }
        let choices = self.choices(&state, line);
        Some(Level { state, line, claimed: choice.capture.map(|_| choice.event), choices })
    }

    /// A key that is equal for states with the same continuations.
    fn key(&self, state: &State, line: usize) -> Vec<u32> {
        let live = |variable: usize| {
            let kind = &self.table.transcript.variables[variable].kind;
            let used =
                || self.last_use[variable].iter().zip(&state.done).any(|(last, done)| done < last);
            if kind.distinct() || used() { state.bound[variable] } else { UNBOUND }
        };
        let mut key = vec![line as u32];
        key.extend(self.symmetry.single.iter().map(|&lane| state.done[lane]));
        key.extend(self.symmetry.common.iter().map(|&variable| live(variable)));
        for group in &self.symmetry.groups {
            let lane = |member: &Member| {
                let own = member.own.iter().map(|&variable| live(variable));
                [state.done[member.lane]].into_iter().chain(own).collect::<Vec<u32>>()
            };
            let mut lanes: Vec<Vec<u32>> = group.iter().map(lane).collect();
            lanes.sort_unstable();
            key.extend(lanes.into_iter().flatten());
        }
        key
    }
}
