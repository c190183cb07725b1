//! One given output, on purpose.
//!
//! A legal output may be one that the program can print, though it hardly ever does. To show it, the policy steers: a
//! task that is about to print the next wanted line may go on, and one that is about to print any other line may not. If
//! no line can come next, the task moves that will print it soonest, as far as earlier runs tell.
//!
//! This guess is nearly always right, and then the first run shows the output. Where it is wrong, the run comes to a
//! dead end: nothing is left but lines that are not wanted. The move that led there is never made again in that state,
//! and the next run tries another one. A state in which each move leads to a dead end is a dead end too. If the
//! beginning is one, the program cannot print this output at all.

use rustc_hash::FxHashMap;

use crate::choices::Choices;
use crate::explore::Policy;
use crate::run::{End, Trace};
use crate::view::{Move, Printed, View};
use crate::wanted::{Values, Wanted};

/// A policy that looks for a run that prints a given output.
#[derive(Debug)]
pub struct Steer {
    wanted: Wanted,
    /// The lines of earlier runs.
    known: Vec<Printed>,
    /// In each place that was reached, which moves lead to a dead end.
    dead: FxHashMap<Place, Vec<bool>>,
    /// The places of this run, with the moves that were made there.
    path: Vec<(Place, usize)>,
    next: usize,
    values: Values,
    /// Whether this run was ended by the policy, which has seen a dead end.
    gave_up: bool,
    /// The most wanted lines that a run has printed.
    printed: usize,
    /// Whether a run was ended from outside: what looked like a dead end may be none.
    cut: bool,
    /// Whether each order leads to a dead end.
    exhausted: bool,
    shown: Option<Choices>,
}

/// A state of the program, and how much of the wanted output it has printed, with which values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Place {
    state: u64,
    moves: Vec<Move>,
    next: usize,
    values: Values,
}

/// Whether a program can print an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Steered {
    /// It can: these choices print it.
    Shown(Choices),
    /// It cannot: each order leads to other lines, after at most so many of the wanted ones.
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
    /// Looks for this output. `known` are lines of earlier runs, which tell what task prints what; the policy learns
    /// more of them from its own runs.
    pub fn new(wanted: Wanted, known: &[Printed]) -> Steer {
        Steer {
            wanted,
            known: known.to_vec(),
            dead: FxHashMap::default(),
            path: Vec::new(),
            next: 0,
            values: Values::new(),
            gave_up: false,
            printed: 0,
            cut: false,
            exhausted: false,
            shown: None,
        }
    }

    /// What the runs have shown.
    pub fn result(&self) -> Steered {
        let printed = self.printed;
        match &self.shown {
            Some(choices) => Steered::Shown(choices.clone()),
            None if self.exhausted && !self.cut => Steered::Impossible { printed },
            None => Steered::NotShown { printed },
        }
    }

    /// The move that is nearest to the next wanted line, of those that are not known to lead to a dead end.
    fn next_move(&mut self, view: &View<'_>) -> Option<usize> {
        let (moves, values) = (view.moves.to_vec(), self.values.clone());
        let place = Place { state: view.state, moves, next: self.next, values };
        if self.path.iter().any(|(been, _)| *been == place) {
            // To go round in circles leads nowhere.
            return None;
        }
        let after = |moved: &Move| self.wanted.after(self.next, moved.lines(), &self.values);
        let after: Vec<Option<(usize, Values)>> = view.moves.iter().map(after).collect();
        let unwanted = || after.iter().map(Option::is_none).collect();
        let dead = self.dead.entry(place.clone()).or_insert_with(unwanted).clone();
        let left = (0..dead.len()).filter(|&number| !dead[number]);
        let number = left.min_by_key(|&number| self.distance(&view.moves[number]))?;
        (self.next, self.values) = after[number].clone()?;
        self.printed = self.printed.max(self.next);
        self.path.push((place, number));
        Some(number)
    }

    /// How far from printing a wanted line a move is: less is nearer.
    fn distance(&self, moved: &Move) -> usize {
        if moved.prints().is_some() {
            return 0;
        }
        // Wanted lines from the next one on, each with the tasks that have printed such a line.
        for wanted in self.next..self.wanted.len() {
            let fits = |known: &&Printed| {
                let line = std::iter::once(known.line.as_str());
                self.wanted.after(wanted, line, &self.values).is_some()
            };
            for printer in self.known.iter().filter(fits).map(|known| &known.task) {
                // A task that is not born yet needs its parents.
                if *printer == moved.task {
                    return 2 * wanted + 1;
                }
                if moved.task.is_ancestor_of(printer) {
                    return 2 * wanted + 2;
                }
            }
        }
        2 * self.wanted.len() + 3
    }

    /// Marks the last move as one that leads to a dead end, and so on backwards while no other move is left.
    fn mark_dead_end(&mut self) {
        while let Some((place, number)) = self.path.pop() {
            let Some(dead) = self.dead.get_mut(&place) else { continue };
            dead[number] = true;
            if dead.contains(&false) {
                return;
            }
        }
        self.exhausted = true;
    }
}

impl Policy for Steer {
    fn begin(&mut self) -> bool {
        self.path.clear();
        (self.next, self.values, self.gave_up) = (0, Values::new(), false);
        self.shown.is_none() && !self.exhausted
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        let number = self.next_move(view);
        self.gave_up = number.is_none();
        number
    }

    fn learn(&mut self, trace: &Trace) {
        for printed in &trace.printed {
            if !self.known.contains(printed) {
                self.known.push(printed.clone());
            }
        }
        let end = trace.conclusion.end;
        if end == self.wanted.end() && self.next == self.wanted.len() {
            self.shown = Some(trace.choices.clone());
        } else {
            self.cut |= end == End::Stopped && !self.gave_up;
            self.mark_dead_end();
        }
    }
}
