//! Interchangeable lanes, for example seven children that differ only in their pids.

use std::collections::BTreeMap;

use super::transcript::{Piece, Transcript};

/// Groups of interchangeable lanes, each lane with the variables that only it mentions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Symmetry {
    pub(crate) groups: Vec<Vec<Member>>,
    /// Lanes in no group.
    pub(crate) single: Vec<usize>,
    /// Variables that do not belong to a member of a group.
    pub(crate) common: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) lane: usize,
    /// In order of appearance.
    pub(crate) own: Vec<usize>,
}

impl Symmetry {
    pub(crate) fn new(transcript: &Transcript) -> Symmetry {
        let own = own_variables(transcript);
        let mut candidates: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for (lane, own) in own.iter().enumerate() {
            candidates.entry(outline(transcript, lane, own)).or_default().push(lane);
        }
        let mut symmetry = Symmetry::default();
        for mut lanes in candidates.into_values() {
            // Comparing each lane with the first one is enough: swaps with the first generate all others.
            while let Some((&first, rest)) = lanes.split_first() {
                let (same, other): (Vec<usize>, Vec<usize>) =
                    rest.iter().partition(|&&lane| interchangeable(transcript, first, lane));
                if same.is_empty() {
                    symmetry.single.push(first);
                } else {
                    let members = [first].into_iter().chain(same);
                    let members = members.map(|lane| Member { lane, own: own[lane].clone() });
                    symmetry.groups.push(members.collect());
                }
                lanes = other;
            }
        }
        symmetry.single.sort_unstable();
        let grouped: Vec<usize> =
            symmetry.groups.iter().flatten().flat_map(|member| member.own.clone()).collect();
        symmetry.common = (0..transcript.variables.len())
            .filter(|variable| !grouped.contains(variable))
            .collect();
        symmetry
    }
}

/// For each lane, the variables that no other lane and no rule mentions.
fn own_variables(transcript: &Transcript) -> Vec<Vec<usize>> {
    let ruled: Vec<usize> =
        transcript.rules.iter().flat_map(|rule| rule.variables().collect::<Vec<_>>()).collect();
    let mut home: Vec<Option<usize>> = vec![None; transcript.variables.len()];
    let mut shared = vec![false; transcript.variables.len()];
    let mut order = Vec::new();
    for (index, event) in transcript.events.iter().enumerate() {
        for variable in transcript.variables_of(index) {
            match home[variable] {
                None => {
                    home[variable] = Some(event.lane);
                    order.push(variable);
                }
                Some(lane) => shared[variable] |= lane != event.lane,
            }
        }
    }
    let mut own = vec![Vec::new(); transcript.lanes.len()];
    for variable in order {
        if let Some(lane) =
            home[variable].filter(|_| !shared[variable] && !ruled.contains(&variable))
        {
            own[lane].push(variable);
        }
    }
    own
}

/// Everything that a lane's events say, with its own variables numbered: equal for interchangeable lanes.
fn outline(transcript: &Transcript, lane: usize, own: &[usize]) -> Vec<String> {
    let events = transcript.order.lanes[lane].iter().map(|&event| {
        let event = &transcript.events[event];
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Hole(variable) => match own.iter().position(|own| own == variable) {
                Some(index) => {
                    let known = &transcript.variables[*variable];
                    format!("\nown {index} {:?} {:?} {}", known.kind, known.bound, known.fresh)
                }
                None => format!("\ncommon {variable}"),
            },
        };
        let text: String = event.pattern.iter().map(piece).collect();
        format!("{:?} {} {text}", event.times, event.timing)
    });
    events.collect()
}

/// Whether the order stays the same if the events of two lanes change places.
fn interchangeable(transcript: &Transcript, one: usize, other: usize) -> bool {
    let order = &transcript.order;
    let mirrored = |a: &[u32], b: &[u32]| {
        let others = a.iter().zip(b).enumerate().filter(|(lane, _)| ![one, other].contains(lane));
        a[one] == b[other] && a[other] == b[one] && others.into_iter().all(|(_, (a, b))| a == b)
    };
    let mut pairs = order.lanes[one].iter().zip(&order.lanes[other]);
    pairs.all(|(&a, &b)| mirrored(&order.needs[a], &order.needs[b]))
        && (0..transcript.events.len())
            .filter(|&event| ![one, other].contains(&transcript.events[event].lane))
            .all(|event| order.needs[event][one] == order.needs[event][other])
}
