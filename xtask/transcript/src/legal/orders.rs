//! The orders that the arrows allow: a state is how many events of each lane have happened.

use super::automaton::Automaton;
use crate::budget::{Budget, Exhausted};
use crate::model::{Kind, Times, Transcript, Variable};

pub(super) struct Orders<'t> {
    transcript: &'t Transcript,
    /// For each variable that is a range, the number of its values, and the events that mention it.
    ranges: Vec<(u128, Vec<usize>)>,
    /// How many events of each lane have happened before the first step.
    start: Vec<u32>,
}

impl<'t> Orders<'t> {
    pub(super) fn new(transcript: &'t Transcript) -> Self {
        Self::after(transcript, vec![0; transcript.lanes.len()])
    }

    /// The orders that go on when this many events of each lane have happened.
    pub(super) fn after(transcript: &'t Transcript, start: Vec<u32>) -> Self {
        let range = |(index, variable): (usize, &Variable)| {
            let Kind::Range(from, to) = variable.kind else {
                return None;
            };
            let mentions = |event: &usize| transcript.variables_of(*event).any(|v| v == index);
            Some(((to - from + 1) as u128, (0..transcript.events.len()).filter(mentions).collect()))
        };
        let ranges = transcript.variables.iter().enumerate().filter_map(range).collect();
        Orders { transcript, ranges, start }
    }

    /// How many values the ranges have that this event is the first to mention.
    fn choices(&self, event: usize, done: &[u32]) -> u128 {
        let order = &self.transcript.order;
        let happened = |&other: &usize| done[order.lane_of(other)] > order.position[other];
        let first = |(_, events): &&(u128, Vec<usize>)| {
            events.contains(&event) && !events.iter().any(happened)
        };
        self.ranges.iter().filter(first).map(|range| range.0).product()
    }
}

impl Automaton for Orders<'_> {
    type State = Vec<u32>;

    fn start(&mut self, _: &Budget<'_>) -> Result<Vec<u32>, Exhausted> {
        Ok(self.start.clone())
    }

    fn complete(&self, done: &Vec<u32>) -> bool {
        self.transcript.order.next(done).next().is_none()
    }

    fn successors(
        &mut self,
        done: &Vec<u32>,
        budget: &Budget<'_>,
    ) -> Result<Vec<(Vec<u32>, u128)>, Exhausted> {
        budget.spend(done.len())?;
        let order = &self.transcript.order;
        let enabled = order.next(done).filter(|&event| order.enabled(event, done));
        let ways = enabled.map(|event| {
            let mut then = done.clone();
            then[order.lane_of(event)] += 1;
            // An optional event counts as present and as absent wherever it could be: an upper bound.
            let absent = u128::from(self.transcript.events[event].times != Times::Once);
            // A wide state costs more: it is copied and hashed, and does not fit into a cache.
            budget.spend(3 + done.len() * 3 / 4 + done.len() * done.len() / 128)?;
            Ok((then, self.choices(event, done) + absent))
        });
        ways.collect()
    }
}
