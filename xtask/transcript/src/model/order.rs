//! Which event comes before which.

use std::fmt;

/// The partial order of a transcript's events.
///
/// The events of one lane are ordered, so one number for each lane describes everything that must precede an event: how
/// many of that lane's events come earlier. This is a vector clock, and it includes indirect order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    /// `lanes[lane]`: its events, in order.
    pub(crate) lanes: Vec<Vec<usize>>,
    /// `needs[event][lane]`: how many of the lane's events must precede the event.
    pub(crate) needs: Vec<Vec<u32>>,
    /// `position[event]`: its place in its lane, from 0.
    pub(crate) position: Vec<u32>,
    lane_of: Vec<usize>,
    /// `waits[event]`: the lanes that arrows point from directly to it, and how many of their events must have
    /// happened.
    waits: Vec<Vec<(usize, u32)>>,
    /// For each arrow, the events that it points from and to.
    ends: Vec<(Vec<usize>, Vec<usize>)>,
}

/// One arrow or barrier. In a loop there is one for each turn.
#[derive(Debug, Clone)]
pub(crate) struct Arrow {
    /// The line of the file, from 1.
    pub(crate) line: usize,
    /// As written, with loop constants filled in.
    pub(crate) text: String,
    /// How many events are above it.
    pub(crate) above: usize,
    pub(crate) left: Vec<usize>,
    pub(crate) right: Vec<usize>,
}

/// Two events with no other event between them: one pair of the order's transitive reduction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Index into [`Transcript::events`](crate::Transcript::events).
    pub before: usize,
    /// Likewise.
    pub after: usize,
    /// Why they are in this order.
    pub reason: Reason,
}

/// Why one event precedes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// They are in the same lane.
    Lane,
    /// An arrow or a barrier.
    Arrow {
        /// As written: `child -> parent`.
        text: String,
        /// Its line in the file, from 1.
        line: usize,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Lane => write!(out, "program order"),
            Reason::Arrow { text, line } => write!(out, "{text} (line {line})"),
        }
    }
}

impl Order {
    /// `lane_of[event]` for events in the order of the file; an arrow points from above it to below it.
    pub(crate) fn new(lanes: usize, lane_of: Vec<usize>, arrows: &[Arrow]) -> Order {
        let mut order = Order { lanes: vec![Vec::new(); lanes], lane_of, ..Order::default() };
        for (event, &lane) in order.lane_of.iter().enumerate() {
            order.position.push(order.lanes[lane].len() as u32);
            order.lanes[lane].push(event);
        }
        order.needs = vec![vec![0; lanes]; order.lane_of.len()];
        order.ends = arrows.iter().map(|arrow| order.ends(arrow)).collect();
        order.waits = vec![Vec::new(); order.lane_of.len()];
        let mut arrows = arrows.iter().zip(&order.ends).peekable();
        for event in 0..order.lane_of.len() {
            while let Some((_, (before, after))) = arrows.next_if(|arrow| arrow.0.above <= event) {
                let mut need = vec![0; lanes];
                for &before in before {
                    join(&mut need, &order.needs[before]);
                    need[order.lane_of[before]] = order.position[before] + 1;
                }
                for &after in after {
                    // What an earlier arrow demands already is not demanded again.
                    let waits = before
                        .iter()
                        .map(|&before| (order.lane_of[before], order.position[before] + 1))
                        .filter(|&(lane, count)| order.needs[after][lane] < count);
                    order.waits[after].extend(waits);
                    join(&mut order.needs[after], &need);
                }
            }
            let (lane, position) = (order.lane_of[event], order.position[event] as usize);
            if let Some(previous) = position.checked_sub(1) {
                let previous = order.needs[order.lanes[lane][previous]].clone();
                join(&mut order.needs[event], &previous);
            }
            order.needs[event][lane] = position as u32;
        }
        order
    }

    /// The last events above an arrow, and the first ones below it.
    pub(crate) fn ends(&self, arrow: &Arrow) -> (Vec<usize>, Vec<usize>) {
        let split = |lane: usize| self.lanes[lane].partition_point(|&event| event < arrow.above);
        let before = arrow
            .left
            .iter()
            .filter_map(|&lane| Some(self.lanes[lane][split(lane).checked_sub(1)?]));
        let after =
            arrow.right.iter().filter_map(|&lane| self.lanes[lane].get(split(lane)).copied());
        (before.collect(), after.collect())
    }

    pub(crate) fn lane_of(&self, event: usize) -> usize {
        self.lane_of[event]
    }

    pub(crate) fn precedes(&self, before: usize, after: usize) -> bool {
        before != after && self.needs[after][self.lane_of[before]] > self.position[before]
    }

    pub(crate) fn unordered(&self, one: usize, other: usize) -> bool {
        one != other && !self.precedes(one, other) && !self.precedes(other, one)
    }

    /// The next event of each lane that has one left, given how many events of each lane have happened.
    pub(crate) fn next(&self, done: &[u32]) -> impl Iterator<Item = usize> {
        let next = |(lane, &done): (&Vec<usize>, &u32)| lane.get(done as usize).copied();
        self.lanes.iter().zip(done).filter_map(next)
    }

    /// Whether the next event of a lane can happen, given how many events of each lane have happened. If the direct
    /// predecessors have happened, so have all others.
    pub(crate) fn enabled(&self, event: usize, done: &[u32]) -> bool {
        self.waits[event].iter().all(|&(lane, need)| need <= done[lane])
    }

    /// The event before `event` in its lane, and those that an arrow points from directly to it.
    pub(crate) fn direct(&self, event: usize) -> Vec<usize> {
        let lane = &self.lanes[self.lane_of[event]];
        let previous = self.position[event].checked_sub(1).map(|before| lane[before as usize]);
        let waits =
            self.waits[event].iter().map(|&(lane, need)| self.lanes[lane][need as usize - 1]);
        previous.into_iter().chain(waits).collect()
    }

    /// The events that directly precede `after` in the order of the events that `present` admits.
    pub(crate) fn covering(&self, after: usize, present: impl Fn(usize) -> bool) -> Vec<usize> {
        let last = |lane: usize| {
            let above = &self.lanes[lane][..self.needs[after][lane] as usize];
            above.iter().rev().copied().find(|&event| present(event))
        };
        let candidates: Vec<usize> = (0..self.lanes.len()).filter_map(last).collect();
        // An event that another one of them needs is not a direct predecessor.
        let mut earlier = vec![0; self.lanes.len()];
        candidates.iter().for_each(|&event| join(&mut earlier, &self.needs[event]));
        let direct = |&event: &usize| self.position[event] >= earlier[self.lane_of[event]];
        candidates.into_iter().filter(direct).collect()
    }

    /// Why `before` precedes `after`: the direct reason, or the last step to `after`.
    pub(crate) fn reason(&self, before: usize, after: usize, arrows: &[Arrow]) -> Reason {
        if self.lane_of[before] == self.lane_of[after] {
            return Reason::Lane;
        }
        let exact =
            |(from, to): &(Vec<usize>, Vec<usize>)| from.contains(&before) && to.contains(&after);
        let exact = self.ends.iter().position(exact);
        // Otherwise, the arrow that points closest to `after`.
        let last_step = || {
            let steps = self.ends.iter().enumerate().filter_map(|(arrow, (from, to))| {
                let from = from.iter().any(|&from| from == before || self.precedes(before, from));
                let to = to.iter().filter(|&&to| to == after || self.precedes(to, after));
                from.then_some((*to.max()?, arrow))
            });
            steps.max().map(|(_, arrow)| arrow)
        };
        match exact.or_else(last_step) {
            Some(arrow) => {
                Reason::Arrow { text: arrows[arrow].text.clone(), line: arrows[arrow].line }
            }
            None => Reason::Lane,
        }
    }
}

/// Raises `need` to the least that satisfies both.
fn join(need: &mut [u32], other: &[u32]) {
    for (mine, theirs) in need.iter_mut().zip(other) {
        *mine = (*mine).max(*theirs);
    }
}
