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
use std::collections::{BTreeMap, BTreeSet};

use crate::attack::Attacks;
use crate::explore::Policy;
use crate::run::{End, Trace};
use crate::target::{KnownLines, Target};
use crate::task::TaskName;
use crate::view::View;

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
    patience: usize,
    /// How many moves others have made while a move was held, since one was released for lack of patience.
    waited: usize,
    /// The number of the present move. For each task, the number of its last move; for each that is ready, the number
    /// of the move since which it is.
    now: usize,
    moved: BTreeMap<TaskName, usize>,
    ready: BTreeMap<TaskName, usize>,
}

impl Adversary {
    /// Attacks these arrows first, then everything else. A held move waits for at most `patience` moves of others.
    pub fn new(attacks: Attacks, patience: usize) -> Adversary {
        let run = Attack::new(Target::EveryLine, patience);
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
            first @ (Target::EveryLine | Target::EveryLineNewestFirst) => Some(first),
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
        self.run = Attack::new(target, self.patience);
        true
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        self.run.choose(view)
    }

    fn learn(&mut self, trace: &Trace) {
        let target = &self.run.target;
        self.tried.insert(target.clone());
        self.known.learn(&trace.printed, &trace.conclusion.events);
        if trace.conclusion.end == End::Finished && trace.conclusion.fault.is_none() {
            self.attacks.record(target, trace);
        }
    }
}

impl Attack {
    fn new(target: Target, patience: usize) -> Attack {
        let (moved, ready) = (BTreeMap::new(), BTreeMap::new());
        Attack { target, patience, waited: 0, now: 0, moved, ready }
    }

    fn choose(&mut self, view: &View<'_>) -> Option<usize> {
        self.ready.retain(|task, _| view.moves.iter().any(|ready| ready.task == *task));
        for ready in view.moves {
            self.ready.entry(ready.task.clone()).or_insert(self.now);
        }
        let number = self.decide(view)?;
        let task = &view.moves[number].task;
        self.ready.remove(task);
        self.moved.insert(task.clone(), self.now);
        self.now += 1;
        Some(number)
    }

    /// All others first: a held move is made when there is no other.
    fn decide(&mut self, view: &View<'_>) -> Option<usize> {
        let all = 0..view.moves.len();
        let (held, free): (Vec<usize>, Vec<usize>) =
            all.partition(|&number| self.target.holds(&view.moves[number], view));
        if free.is_empty() {
            return self.release(view, held);
        }
        if !held.is_empty() {
            self.waited += 1;
            if self.waited > self.patience {
                // The others may go on for ever.
                self.waited = 0;
                return self.release(view, held);
            }
        }
        // By turns: a task that polls must not keep the others from moving.
        free.into_iter().min_by_key(|&number| self.moved.get(&view.moves[number].task))
    }

    /// The held move that is made now.
    ///
    /// The newest one is the more hostile choice. If a task acts too early and another one reacts, the line of the
    /// reaction is the newer one.
    fn release(&self, view: &View<'_>, mut held: Vec<usize>) -> Option<usize> {
        if self.target == Target::EveryLine {
            return held.first().copied();
        }
        held.sort_by_key(|&number| (self.ready.get(&view.moves[number].task), number));
        held.pop()
    }
}
