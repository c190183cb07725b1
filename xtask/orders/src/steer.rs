//! One given output, on purpose.
//!
//! A legal output may be one that the program can print, though it hardly ever does. To show it, the policy steers: a
//! task that is about to print the next wanted line may go on, and one that is about to print any other line may not.
//! If no line can come next, the task moves that will print it soonest, as earlier runs tell.
//!
//! This guess is nearly always right, and then the first run shows the output. Where it is wrong, the run comes to a
//! dead end: nothing is left but lines that are not wanted. The move that led there is not made again in that state,
//! and the next run tries another one. A state in which each move leads to a dead end is a dead end too. If the
//! beginning is one, the program cannot print this output. This is certain only after a second search, which merges no
//! states: it tells them apart by all that the run has done.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::choices::Choices;
use crate::explore::Policy;
use crate::past::{Depth, Past, hash};
use crate::run::{End, Trace};
use crate::task::TaskName;
use crate::view::{Move, Printed, View};
use crate::wanted::{Values, Wanted};

/// A policy that looks for a run that prints a given output.
#[derive(Debug)]
pub struct Steer {
    wanted: Wanted,
    /// The lines of earlier runs.
    known: Vec<Printed>,
    map: FxHashMap<Place, Vec<Branch>>,
    run: Run,
    /// The most wanted lines that a run has printed.
    printed: usize,
    /// How much of the past tells places apart.
    depth: Depth,
    /// Whether each order leads to a dead end.
    is_exhausted: bool,
    /// Whether a dead end may be none: a run was ended from outside, or a move has led to different places.
    doubt: bool,
    shown: Option<Choices>,
}

/// A state of the program, and how much of the wanted output it has printed, with which values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Place {
    state: u64,
    moves: Vec<Move>,
    next: usize,
    values: Values,
    past: u64,
}

/// How often a run may come to places that look alike. Going round in circles leads nowhere, but a signature may not
/// see that a task has gone on.
const MOST_VISITS: usize = 8;

/// A move from a place.
#[derive(Debug, Clone)]
struct Branch {
    /// Whether it prints a line that is not wanted next.
    unwanted: bool,
    is_dead_end: bool,
    /// A hash of the place that it leads to.
    to: Option<u64>,
}

/// The present run.
#[derive(Debug, Default)]
struct Run {
    path: Vec<(Place, usize)>,
    past: Past,
    next: usize,
    values: Values,
    /// The tasks that were ready at any time.
    born: BTreeSet<TaskName>,
    /// Whether the map was thrown away meanwhile, and the path with it.
    is_lost: bool,
    /// Whether the policy has ended the run, at a dead end.
    gave_up: bool,
}

/// Whether a program can print an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Steered {
    /// It can: these choices print it.
    Shown(Choices),
    /// It cannot: each order leads to other lines, after at most `printed` of the wanted ones.
    Impossible {
        /// The most wanted lines that came.
        printed: usize,
    },
    /// The runs so far have not shown it.
    NotShown {
        /// The most wanted lines that came.
        printed: usize,
    },
}

impl Steer {
    /// Looks for this output. `known` has lines of earlier runs, each with the task that prints it. The policy learns
    /// more of them from its own runs.
    pub fn new(wanted: Wanted, known: &[Printed]) -> Steer {
        Steer {
            wanted,
            known: known.to_vec(),
            map: FxHashMap::default(),
            run: Run::default(),
            printed: 0,
            depth: Depth::Nothing,
            is_exhausted: false,
            doubt: false,
            shown: None,
        }
    }

    /// What the runs have shown.
    pub fn result(&self) -> Steered {
        let printed = self.printed;
        match &self.shown {
            Some(choices) => Steered::Shown(choices.clone()),
            None if self.is_exhausted && !self.doubt => Steered::Impossible { printed },
            None => Steered::NotShown { printed },
        }
    }

    /// The move that is nearest to the next wanted line, of those that are not known to lead to a dead end.
    fn next_move(&mut self, view: &View<'_>) -> Option<usize> {
        self.run.born.extend(view.moves.iter().map(|ready| ready.task.clone()));
        let place = self.arrive(view);
        let visits = self.run.path.iter().filter(|(been, _)| been.looks_like(&place)).count();
        if visits == MOST_VISITS {
            return None;
        }
        let after = |moved: &Move| self.wanted.after(place.next, moved.lines(), &place.values);
        let after: Vec<Option<(usize, Values)>> = view.moves.iter().map(after).collect();
        let branch =
            |after: &Option<_>| Branch { unwanted: after.is_none(), is_dead_end: false, to: None };
        let branches = || after.iter().map(branch).collect();
        let branches = self.map.entry(place.clone()).or_insert_with(branches);
        let open: Vec<usize> =
            (0..branches.len()).filter(|&number| branches[number].is_open()).collect();
        let distance = |number: &usize| self.distance(&view.moves[*number]);
        let nearest = open.into_iter().min_by_key(distance)?;
        if let Some(after) = &after[nearest] {
            (self.run.next, self.run.values) = after.clone();
        }
        self.printed = self.printed.max(self.run.next);
        self.run.past.add(&view.moves[nearest]);
        self.run.path.push((place, nearest));
        Some(nearest)
    }

    /// The place to which the last move has led. If it has led elsewhere before, what looks like one place is several:
    /// then the map is thrown away, and the next one tells places apart by their past.
    fn arrive(&mut self, view: &View<'_>) -> Place {
        let Run { next, values, past, path, .. } = &self.run;
        let mut place = Place {
            state: view.state,
            moves: view.moves.to_vec(),
            next: *next,
            values: values.clone(),
            past: past.at(self.depth),
        };
        let last = path.last();
        let Some(branch) =
            last.and_then(|(before, moved)| self.map.get_mut(before)?.get_mut(*moved))
        else {
            return place;
        };
        let here = hash(&place);
        let is_elsewhere = branch.to.replace(here).is_some_and(|to| to != here);
        match self.depth {
            _ if !is_elsewhere => {}
            Depth::All => self.doubt = true,
            _ => {
                self.deepen();
                self.run.path.clear();
                self.run.is_lost = true;
                place.past = self.run.past.at(self.depth);
            }
        }
        place
    }

    /// Throws the map away. The next one tells places apart by all that a run has done: the wanted lines come in one
    /// order, so there is nothing between this and no past at all.
    fn deepen(&mut self) {
        self.depth = Depth::All;
        self.map.clear();
    }

    /// How far a move is from a wanted line: less is nearer.
    fn distance(&self, moved: &Move) -> usize {
        let Run { next, values, born, .. } = &self.run;
        if moved.prints().is_some() {
            return 0;
        }
        // Wanted lines from the next one on, each with the tasks that have printed such a line.
        for wanted in *next..self.wanted.len() {
            let fits = |known: &&Printed| {
                let line = std::iter::once(known.line.as_str());
                self.wanted.after(wanted, line, values).is_some()
            };
            let mut printers = self.known.iter().filter(fits).map(|known| &known.task);
            // A task that is not born yet needs its parents.
            let helps =
                |printer: &TaskName| !born.contains(printer) && moved.task.is_ancestor_of(printer);
            if printers.any(|printer| *printer == moved.task || helps(printer)) {
                return wanted + 1;
            }
        }
        self.wanted.len() + 1
    }

    /// Marks the last move as one that leads to a dead end, and so on backwards while no other move is left.
    fn mark_dead_end(&mut self) {
        while let Some((place, moved)) = self.run.path.pop() {
            let Some(branches) = self.map.get_mut(&place) else { continue };
            branches[moved].is_dead_end = true;
            if branches.iter().any(Branch::is_open) {
                return;
            }
        }
        // A signature may say too little. So the search ends only if it was made with all that can be known.
        self.is_exhausted = self.depth == Depth::All;
        self.deepen();
    }
}

impl Place {
    fn looks_like(&self, other: &Place) -> bool {
        let Place { state, moves, next, values, past: _ } = self;
        (state, moves, next, values) == (&other.state, &other.moves, &other.next, &other.values)
    }
}

impl Branch {
    fn is_open(&self) -> bool {
        !self.unwanted && !self.is_dead_end
    }
}

impl Policy for Steer {
    fn begin(&mut self) -> bool {
        self.run = Run::default();
        self.shown.is_none() && !self.is_exhausted
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        let number = self.next_move(view);
        self.run.gave_up = number.is_none();
        number
    }

    fn learn(&mut self, trace: &Trace) {
        for printed in &trace.printed {
            if !self.known.contains(printed) {
                self.known.push(printed.clone());
            }
        }
        let end = trace.conclusion.end;
        if end == self.wanted.end() && self.run.next == self.wanted.len() {
            self.shown = Some(trace.choices.clone());
        } else if !self.run.is_lost {
            self.doubt |= end == End::Stopped && !self.run.gave_up;
            self.mark_dead_end();
        }
    }
}
