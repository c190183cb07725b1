//! Who comes before whom.

use std::fmt;

/// The partial order of a transcript's events.
///
/// The events of one lane stand in a row, so all that must precede an event is told by one number a lane:
/// how many of that lane's events come first. This is a vector clock, and it holds indirect order too.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    /// `lanes[lane]`: its events, in order.
    pub(crate) lanes: Vec<Vec<usize>>,
    /// `needs[event][lane]`: how many of the lane's events must precede the event.
    pub(crate) needs: Vec<Vec<u32>>,
    /// `position[event]`: where in its lane it stands, from 0.
    pub(crate) position: Vec<u32>,
    lane_of: Vec<usize>,
    /// `(before, after)` with the arrow that says so.
    direct: Vec<(usize, usize, usize)>,
}

/// One arrow or barrier, where loops are written out once a turn.
#[derive(Debug, Clone)]
pub(crate) struct Arrow {
    /// The line of the file, from 1.
    pub(crate) line: usize,
    /// As written, with loop constants filled in.
    pub(crate) text: String,
    /// How many events stand above it.
    pub(crate) above: usize,
    pub(crate) left: Vec<usize>,
    pub(crate) right: Vec<usize>,
}

/// Two events of which nothing comes between: one pair of the order's transitive reduction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Index into [`Transcript::events`](crate::Transcript::events).
    pub before: usize,
    /// Likewise.
    pub after: usize,
    /// What says so.
    pub reason: Reason,
}

/// Why one event precedes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// They stand in the same lane.
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
        for (index, arrow) in arrows.iter().enumerate() {
            let (before, after) = order.ends(arrow);
            order.direct.extend(
                after.iter().flat_map(|&to| before.iter().map(move |&from| (from, to, index))),
            );
        }
        order.direct.sort_by_key(|&(_, after, arrow)| (after, arrow));
        let mut direct = order.direct.iter().peekable();
        for event in 0..order.lane_of.len() {
            let position = order.position[event] as usize;
            let mut need = match position {
                0 => vec![0; lanes],
                _ => order.needs[order.lanes[order.lane_of[event]][position - 1]].clone(),
            };
            need[order.lane_of[event]] = position as u32;
            while let Some(&(before, ..)) = direct.next_if(|edge| edge.1 == event) {
                for (mine, theirs) in need.iter_mut().zip(&order.needs[before]) {
                    *mine = (*mine).max(*theirs);
                }
                let lane = order.lane_of[before];
                need[lane] = need[lane].max(order.position[before] + 1);
            }
            order.needs.push(need);
        }
        order
    }

    /// The last events above an arrow and the first ones below it.
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

    /// Whether all that must precede `event` has happened, given how many events of each lane have.
    pub(crate) fn enabled(&self, event: usize, done: &[u32]) -> bool {
        self.needs[event].iter().zip(done).all(|(need, done)| need <= done)
    }

    /// The events that precede `after` with nothing in between, among those that `present` admits.
    pub(crate) fn covering(&self, after: usize, present: impl Fn(usize) -> bool) -> Vec<usize> {
        let last = |lane: usize| {
            let above = &self.lanes[lane][..self.needs[after][lane] as usize];
            above.iter().rev().copied().find(|&event| present(event))
        };
        let candidates: Vec<usize> = (0..self.lanes.len()).filter_map(last).collect();
        let between = |event: usize| candidates.iter().any(|&other| self.precedes(event, other));
        candidates.iter().copied().filter(|&event| !between(event)).collect()
    }

    /// What says that `before` precedes `after`: directly, or by its last step.
    pub(crate) fn reason(&self, before: usize, after: usize, arrows: &[Arrow]) -> Reason {
        let step = |&&(from, to, _): &&(usize, usize, usize)| {
            (from == before || self.precedes(before, from))
                && (to == after || self.precedes(to, after))
        };
        let exact = self.direct.iter().find(|&&(from, to, _)| from == before && to == after);
        match exact.or_else(|| self.direct.iter().rev().find(step)) {
            _ if self.lane_of[before] == self.lane_of[after] => Reason::Lane,
            Some(&(_, _, arrow)) => {
                Reason::Arrow { text: arrows[arrow].text.clone(), line: arrows[arrow].line }
            }
            None => Reason::Lane,
        }
    }
}

impl crate::Transcript {
    /// The transitive reduction of the order: breaking any legal order breaks one of these.
    pub fn covering_edges(&self) -> Vec<Edge> {
        let edges = (0..self.events.len()).flat_map(|after| {
            let before = self.order.covering(after, |_| true);
            before.into_iter().map(move |before| (before, after))
        });
        edges
            .map(|(before, after)| Edge {
                before,
                after,
                reason: self.order.reason(before, after, &self.arrows),
            })
            .collect()
    }
}
