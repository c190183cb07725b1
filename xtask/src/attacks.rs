//! Attacks a scene: does it keep the order of its transcript, whatever the scheduler does?
//!
//! The adversary comes first, with its attacks on the arrows. What is left of the bounds goes to every order, where
//! these are few, or else to a random walk. The first illegal run ends it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use orders::{Adversary, All, Attacks, Choices, PriorityWalk};
use transcript::{Count, Reason, Transcript};

use crate::directed::{Direct, Directed};
use crate::exit::Result;
use crate::purse::Purse;
use crate::search::{Bounds, FirstFault, Search};
use crate::terminal::grouped;

/// The most moves of others that a held move waits for.
const PATIENCE: usize = 2_000;
/// The first runs of the adversary, from which it learns what it can attack.
const LEARNING: usize = 2;
/// Every order is tried if there are at most this many legal outputs for each run that is left: one run is a path
/// through states in which many orders meet.
const OUTPUTS_PER_RUN: u128 = 4;
/// How often the priorities of a random walk change in a run.
const CHANGES: usize = 3;
/// The walk is the same in each check.
const SEED: u64 = 1;

/// What the adversary tries before the rest of the bounds goes to other orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Targets {
    /// Until each arrow was attacked.
    Arrows,
    /// Each target that it knows.
    All,
}

/// How much is tried with one scene.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort<'p> {
    pub(crate) targets: Targets,
    pub(crate) bounds: Bounds,
    /// If there are too many orders to try all: the walk ends when there were this many runs.
    pub(crate) walk: usize,
    /// The time that all scenes share, from which this one takes its part. With a purse, the bounds say only how much
    /// that is at most.
    pub(crate) purse: Option<&'p Purse>,
}

impl Effort<'_> {
    /// Each arrow, and every order if these are few.
    pub(crate) const BRIEF: Self = Self {
        targets: Targets::Arrows,
        bounds: Bounds { runs: 40, time: Duration::from_secs(1) },
        walk: 6,
        purse: None,
    };
    /// Every target.
    pub(crate) const THOROUGH: Self = Self {
        targets: Targets::All,
        bounds: Bounds { runs: 300, time: Duration::from_secs(4) },
        walk: 300,
        purse: None,
    };
}

/// What the attacks on a scene have shown.
#[derive(Debug)]
pub(crate) struct Attacked {
    pub(crate) runs: usize,
    /// The shapes of the legal outputs.
    pub(crate) shapes: BTreeSet<Vec<String>>,
    /// Whether these runs stand for every order of the scene.
    pub(crate) every_order: bool,
    /// The arrows, and which of them withstood an attack.
    pub(crate) attacks: Attacks,
    /// Whether nothing is left that the adversary could hold back.
    pub(crate) exhausted: bool,
    /// The first run that was illegal.
    pub(crate) broken: Option<Broken>,
    /// Why this machine cannot play the scene.
    pub(crate) skipped: Option<String>,
}

/// An illegal run.
#[derive(Debug)]
pub(crate) struct Broken {
    /// Its number, from 1.
    pub(crate) run: usize,
    /// What was done to the scene, in words.
    pub(crate) how: String,
    pub(crate) choices: Choices,
    pub(crate) directed: Directed,
}

/// Attacks the scene that `direct` runs once, which has so many `legal` outputs.
///
/// # Errors
///
/// The scene cannot be run.
pub(crate) fn attack(
    transcript: &Transcript,
    legal: Count,
    direct: impl Direct,
    effort: Effort<'_>,
) -> Result<Attacked> {
    let most = effort.bounds.time;
    let time = effort.purse.map_or(most, |purse| purse.take(most));
    let start = Instant::now();
    let attacked = attack_for(time, transcript, legal, direct, effort);
    if let Some(purse) = effort.purse {
        purse.give_back(time.saturating_sub(start.elapsed()));
    }
    attacked
}

fn attack_for(
    time: Duration,
    transcript: &Transcript,
    legal: Count,
    direct: impl Direct,
    effort: Effort<'_>,
) -> Result<Attacked> {
    let Effort { targets, bounds, walk, .. } = effort;
    let mut search = Search::new(transcript, direct, Bounds { time, ..bounds });
    let mut adversary = Adversary::new(arrows(transcript), PATIENCE);
    let mut every_order = false;
    let mut how = None;
    while search.runs() < LEARNING
        || targets == Targets::All
        || adversary.attacks().open().next().is_some()
    {
        if search.run(&mut adversary)?.is_none() {
            break;
        }
        if search.first_fault().is_some() {
            how = Some(adversary.target().to_string());
            break;
        }
    }
    let exhausted = !search.is_over();
    if search.first_fault().is_none() {
        let left = bounds.runs.saturating_sub(search.runs()) as u128;
        if matches!(legal, Count::Exactly(legal) if legal <= OUTPUTS_PER_RUN * left) {
            every_order = search.every_order(&mut All::default(), true)?.is_some();
        }
    }
    if !every_order {
        let mut policy = PriorityWalk::new(SEED, CHANGES);
        while search.first_fault().is_none()
            && search.runs() < walk
            && search.run(&mut policy)?.is_some()
        {}
    }
    let broken = search.take_first_fault().map(|FirstFault { run, choices, directed }| Broken {
        run,
        how: how.unwrap_or_else(|| "another order".to_owned()),
        choices,
        directed,
    });
    Ok(Attacked {
        runs: search.runs(),
        shapes: search.shapes(),
        every_order,
        attacks: adversary.attacks().clone(),
        exhausted,
        broken,
        skipped: search.skipped().map(str::to_owned),
    })
}

/// The arrows of a transcript, each with the pairs of events that it orders directly.
pub(crate) fn arrows(transcript: &Transcript) -> Attacks {
    let mut pairs: BTreeMap<(usize, String), Vec<(usize, usize)>> = BTreeMap::new();
    for edge in transcript.covering_edges() {
        if let Reason::Arrow { line, .. } = &edge.reason {
            let name = edge.reason.to_string();
            pairs.entry((*line, name)).or_default().push((edge.before, edge.after));
        }
    }
    let mut attacks = Attacks::default();
    for ((_, name), pairs) in pairs {
        attacks.add(&name, pairs);
    }
    attacks
}

impl Attacked {
    /// What was shown, of so many `legal` outputs: `all 140 orders` if it was `every_order`, or `64 of 3,628,800, each of
    /// 9 arrows attacked`.
    pub(crate) fn shown(&self, different: usize, legal: Count, every_order: bool) -> String {
        if let Some(reason) = &self.skipped {
            return format!("{}; not directed: {reason}", legal.seen(different));
        }
        let seen = grouped(different as u128);
        let seen = match legal {
            Count::Exactly(legal) if different as u128 == legal && every_order => {
                return match legal {
                    1 => "the only order".to_owned(),
                    _ => format!("all {} orders", grouped(legal)),
                };
            }
            Count::Exactly(1) if different == 1 => "the one legal order".to_owned(),
            // Some legal outputs cannot be printed.
            _ if every_order => return format!("all {seen} orders, of {legal} legal ones"),
            legal => format!("{seen} of {legal}"),
        };
        match self.arrows_attacked() {
            Some(attacked) => format!("{seen}, {attacked}"),
            None => seen,
        }
    }

    /// Which arrows were attacked: `each of 9 arrows attacked`, `3 of 5 arrows attacked so far`. None without arrows.
    fn arrows_attacked(&self) -> Option<String> {
        let (attacked, all) = (self.attacks.attacked(), self.attacks.arrows());
        let words = match (attacked, all, self.exhausted) {
            (_, 0, _) => return None,
            _ if attacked == all => self.attacks.to_string(),
            (0, 1, false) => "the arrow not attacked yet".to_owned(),
            (0, _, false) => format!("none of {all} arrows attacked yet"),
            (_, _, false) => format!("{attacked} of {all} arrows attacked so far"),
            (0, 1, true) => "no attack on the arrow possible".to_owned(),
            (0, _, true) => format!("no attack on {all} arrows possible"),
            (_, _, true) => format!("{attacked} of {all} arrows attacked, as many as possible"),
        };
        Some(words)
    }
}
