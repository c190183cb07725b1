//! Legal runs, made rather than judged: the file's own, and random ones.

use fastrand::Rng;
use rustc_hash::FxHashSet;

use crate::model::{Kind, Piece, Tally, Times, Transcript, Variable};

/// A legal run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// For each line its event.
    pub(crate) events: Vec<usize>,
    pub(crate) lines: Vec<String>,
}

/// Steps after which a walk gives up.
const BUDGET: usize = 5_000;

/// Lines that a `*|` event prints at the most.
const MOST_REPEATS: usize = 3;

/// Chooses one of the events that can happen next: the walk tries them from the last to the first.
pub(crate) trait Guide {
    fn arrange(&mut self, done: &[u32], choices: &mut Vec<Step>);
}

/// What can happen next.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) event: usize,
    /// Values for the ranges that the event binds; none to pass an optional event over.
    values: Option<Vec<(usize, String)>>,
}

impl Step {
    pub(crate) fn prints(&self) -> bool {
        self.values.is_some()
    }
}

/// In the order of the file, nothing left out.
pub(crate) struct FileOrder;

impl Guide for FileOrder {
    fn arrange(&mut self, _: &[u32], choices: &mut Vec<Step>) {
        choices.sort_by_key(|step| std::cmp::Reverse((step.event, !step.prints())));
    }
}

/// Any order.
pub(crate) struct AnyOrder<'r>(pub(crate) &'r mut Rng);

impl Guide for AnyOrder<'_> {
    fn arrange(&mut self, _: &[u32], choices: &mut Vec<Step>) {
        self.0.shuffle(choices);
    }
}

/// A legal run whose unforeseeable values are given; ranges are chosen on the way.
pub(crate) fn walk(
    transcript: &Transcript,
    values: &[String],
    guide: &mut impl Guide,
) -> Option<Run> {
    let run = Run { events: Vec::new(), lines: Vec::new() };
    let dead = FxHashSet::default();
    let mut walk = Walk { transcript, values: values.to_vec(), guide, run, dead, steps: 0 };
    for (variable, value) in transcript.variables.iter().zip(&mut walk.values) {
        if matches!(variable.kind, Kind::Range(..)) {
            value.clear();
        }
    }
    let done = vec![0; transcript.lanes.len()];
    walk.descend(&done, &Tally::new(&transcript.rules)).then_some(walk.run)
}

struct Walk<'a, G> {
    transcript: &'a Transcript,
    /// A range that is not chosen yet is empty.
    values: Vec<String>,
    guide: &'a mut G,
    /// What has happened so far.
    run: Run,
    /// From where no legal run goes on.
    dead: FxHashSet<(Vec<u32>, Vec<String>, Tally)>,
    steps: usize,
}

impl<G: Guide> Walk<'_, G> {
    /// Goes on to the end of a legal run, if there is one.
    fn descend(&mut self, done: &[u32], tally: &Tally) -> bool {
        self.steps += 1;
        let transcript = self.transcript;
        let mut next = transcript.order.next(done).peekable();
        if next.peek().is_none() {
            let number = |variable: usize| self.values[variable].parse().ok();
            return tally.end(&transcript.rules, number).is_ok();
        }
        let here = (done.to_vec(), self.values.clone(), tally.clone());
        if self.steps > BUDGET || self.dead.contains(&here) {
            return false;
        }
        let enabled = next.filter(|&event| transcript.order.enabled(event, done));
        let mut steps: Vec<Step> = enabled.flat_map(|event| self.ways(event)).collect();
        self.guide.arrange(done, &mut steps);
        while let Some(step) = steps.pop() {
            if self.take(&step, done.to_vec(), tally.clone()) {
                return true;
            }
        }
        self.dead.insert(here);
        false
    }

    /// Takes one step and goes on; takes it back if that leads nowhere.
    fn take(&mut self, step: &Step, mut done: Vec<u32>, mut tally: Tally) -> bool {
        let event = &self.transcript.events[step.event];
        let Some(chosen) = &step.values else {
            done[event.lane] += 1;
            return self.descend(&done, &tally);
        };
        for (variable, value) in chosen {
            self.values[*variable].clone_from(value);
        }
        let line = self.transcript.fill(step.event, |variable| Some(&self.values[variable]));
        let legal = tally.line(&self.transcript.rules, &line).is_ok();
        self.run.lines.push(line);
        self.run.events.push(step.event);
        // A repeated event stays next until it is passed over.
        if event.times != Times::Many {
            done[event.lane] += 1;
        }
        if legal && self.descend(&done, &tally) {
            return true;
        }
        self.run.lines.pop();
        self.run.events.pop();
        for (variable, _) in chosen {
            self.values[*variable].clear();
        }
        false
    }

    /// All that one enabled event can do.
    fn ways(&self, event: usize) -> Vec<Step> {
        let transcript = self.transcript;
        let times = transcript.events[event].times;
        let mut ways = Vec::new();
        if times != Times::Once {
            ways.push(Step { event, values: None });
        }
        let repeats = self.run.events.iter().rev().filter(|&&other| other == event).count();
        if times == Times::Many && repeats == MOST_REPEATS {
            return ways;
        }
        let mut chosen: Vec<Vec<(usize, String)>> = vec![Vec::new()];
        let mut seen = Vec::new();
        for piece in &transcript.events[event].pattern {
            let Piece::Hole(variable) = piece else {
                continue;
            };
            let Variable { kind: Kind::Range(from, to), fresh, .. } =
                transcript.variables[*variable]
            else {
                continue;
            };
            if (fresh || self.values[*variable].is_empty()) && !seen.contains(variable) {
                seen.push(*variable);
                chosen = (from..=to)
                    .rev()
                    .flat_map(|value| chosen.iter().map(move |head| (head, value)))
                    .map(|(head, value)| {
                        head.iter().cloned().chain([(*variable, value.to_string())]).collect()
                    })
                    .collect();
            }
        }
        ways.extend(chosen.into_iter().map(|values| Step { event, values: Some(values) }));
        ways
    }
}
