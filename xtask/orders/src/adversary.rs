//! How to attack an order.
//!
//! A program that says what it has done must act first and speak later, or the other way round, and it depends on the
//! line which of the two is right. A child that says `I have sent it` *before* the parent says `I have got it` must
//! print its line and then send. If it sends first, the two lines race, and the right order comes by luck.
//!
//! Luck ends where a scheduler is hostile. The adversary *holds back* a line: the task that is about to print it may not
//! go on. Everybody else may, as long as anybody else can. Then one of two things happens:
//!
//! ```text
//! print, then send                          send, then print
//!
//! child   ✋ "I have sent it"               child   sends, then ✋ "I have sent it"
//! parent  waits for the message             parent  gets the message
//!         nothing else can move                     "I have got it"     ◀── too early
//! child   "I have sent it", sends           child   "I have sent it"
//! parent  "I have got it"                           the arrow child -> parent is broken
//! ```
//!
//! On the left, the line comes as a *last resort*, and the order has withstood an attack: no scheduler can break it in
//! this way. On the right, the fault shows in the first run that holds the right line.
//!
//! So a run needs no luck, only a good *target*. The targets are learned from the lines of earlier runs. The first two
//! runs hold back every line at once, and that finds most faults. After that, each run takes the target that attacks
//! most of the arrows that are left, and at last those that attack no arrow: a task held back after a line is one in a
//! critical section, for the rules that count who is inside.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::attack::{Attacks, LastResort};
use crate::explore::Policy;
use crate::run::{End, Trace};
use crate::target::{KnownLines, Target};
use crate::view::{Printed, View};

/// A policy that makes one run for each [`Target`], and holds it back until nothing else can move.
#[derive(Debug)]
pub struct Adversary {
    attacks: Attacks,
    /// The most moves of others that a held move waits for. A program that polls would never run out of them.
    patience: usize,
    known: KnownLines,
    tried: BTreeSet<Target>,
    run: Attack,
}

/// The attack of one run.
#[derive(Debug)]
struct Attack {
    target: Target,
    /// Whether the youngest task goes first, among those that are free, and among those that are held.
    youngest_first: bool,
    patience: usize,
    /// How many moves others have made while a move was held, since one was released for lack of patience.
    waited: usize,
    last_resorts: Vec<LastResort>,
}

impl Adversary {
    /// Attacks these arrows first, then everything else. A held move waits for at most `patience` moves of others.
    pub fn new(attacks: Attacks, patience: usize) -> Adversary {
        let run = Attack::new(Target::EveryLine, false, patience);
        let (known, tried) = (KnownLines::default(), BTreeSet::new());
        Adversary { attacks, patience, known, tried, run }
    }

    /// The target of the present run, or of the last one.
    pub fn target(&self) -> &Target {
        &self.run.target
    }

    /// The arrows, and by what they were attacked.
    pub fn attacks(&self) -> &Attacks {
        &self.attacks
    }

    /// The target that attacks the most arrows that are left.
    fn next_target(&self) -> Option<Target> {
        let targets = self.known.targets().into_iter();
        let mut left = targets.filter(|target| !self.tried.contains(target));
        match left.next()? {
            // The first two runs learn what the targets are.
            first @ (Target::EveryLine | Target::EveryLineYoungestFirst) => Some(first),
            first => [first]
                .into_iter()
                .chain(left)
                .min_by_key(|target| Reverse(self.attacks.gain(target, &self.known))),
        }
    }
}

impl Policy for Adversary {
    fn begin(&mut self) -> bool {
        let Some(target) = self.next_target() else { return false };
        let youngest_first = self.tried.len() % 2 == 1;
        self.run = Attack::new(target, youngest_first, self.patience);
        true
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        self.run.choose(view)
    }

    fn learn(&mut self, trace: &Trace) {
        let Attack { target, last_resorts, .. } = &self.run;
        self.tried.insert(target.clone());
        self.known.learn(&trace.printed, &trace.conclusion.events);
        if trace.conclusion.end == End::Finished && trace.conclusion.fault.is_none() {
            self.attacks.record(target, last_resorts, trace);
        }
    }
}

impl Attack {
    fn new(target: Target, youngest_first: bool, patience: usize) -> Attack {
        Attack { target, youngest_first, patience, waited: 0, last_resorts: Vec::new() }
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        let all = 0..view.moves.len();
        let (held, free): (Vec<usize>, Vec<usize>) =
            all.partition(|&number| self.target.holds(&view.moves[number], view));
        if held.is_empty() {
            return self.first(view, &free);
        }
        if free.is_empty() {
            let released = self.first(view, &held)?;
            self.note_last_resort(view, released);
            return Some(released);
        }
        if self.waited < self.patience {
            self.waited += 1;
            return self.first(view, &free);
        }
        // The others may go on for ever. This move is no last resort.
        self.waited = 0;
        self.first(view, &held)
    }

    /// The first of these moves. Lines come last, since a line that waits may still be overtaken.
    fn first(&self, view: &View<'_>, moves: &[usize]) -> Option<usize> {
        // Moves are in the order of the tasks.
        let age =
            |number: usize| if self.youngest_first { view.moves.len() - number } else { number };
        let prints = |number: usize| view.moves[number].prints().is_some();
        moves.iter().copied().min_by_key(|&number| (prints(number), age(number)))
    }

    /// Notes that a move was made because no other was left, if it prints.
    fn note_last_resort(&mut self, view: &View<'_>, released: usize) {
        let others = view.moves.iter().enumerate().filter(|(number, _)| *number != released);
        let beside = others.flat_map(|(_, other)| {
            other.lines().map(|line| Printed { task: other.task.clone(), line: line.to_owned() })
        });
        let beside: Vec<Printed> = beside.collect();
        let first = view.printed.len();
        for line in 0..view.moves[released].lines().count() {
            self.last_resorts.push(LastResort { line: first + line, beside: beside.clone() });
        }
    }
}
