//! Attacks a scene: does it keep the order of its transcript, whatever the scheduler does?
//!
//! The adversary comes first, with its attacks on the arrows. What is left of the bounds goes to every order, where
//! these are few, or else to a random walk. The first illegal run ends it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use orders::{Adversary, All, Attacks, Choices, Policy, PriorityWalk};
use transcript::{Count, Reason, Transcript};

use crate::directed::{Direct, Directed};
use crate::exit::Result;
use crate::search::{Bounds, FirstFault, Search};
use crate::terminal::grouped;

/// The most moves of others that a held move waits for.
const PATIENCE: usize = 2_000;
/// The first runs of the adversary, from which it learns what it can attack.
const LEARNING: usize = 2;
/// How many more runs the adversary gets if an `always` rule counts lines, which no arrow attacks.
const FOR_RULES: usize = 4;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Effort {
    pub(crate) targets: Targets,
    pub(crate) bounds: Bounds,
}

impl Effort {
    /// A moment for each scene.
    pub(crate) const BRIEF: Self = Self {
        targets: Targets::Arrows,
        bounds: Bounds { runs: 6, time: Duration::from_millis(400) },
    };
    /// Every target.
    pub(crate) const THOROUGH: Self =
        Self { targets: Targets::All, bounds: Bounds { runs: 300, time: Duration::from_secs(3) } };
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

/// Attacks the scene that `direct` runs once.
///
/// # Errors
///
/// The scene cannot be run.
pub(crate) fn attack(
    transcript: &Transcript,
    legal: Count,
    direct: impl Direct,
    effort: Effort,
) -> Result<Attacked> {
    let Effort { targets, bounds } = effort;
    let mut search = Search::new(transcript, direct, bounds);
    let Hostile { attacks, how, .. } = attack_arrows(&mut search, transcript, targets)?;
    let mut every_order = false;
    if search.first_fault().is_none() {
        let left = bounds.runs.saturating_sub(search.runs()) as u128;
        if matches!(legal, Count::Exactly(legal) if legal <= OUTPUTS_PER_RUN * left) {
            let broken = |search: &Search<'_, _>| search.first_fault().is_some();
            every_order = search.every_order(&mut All::default(), broken)?.is_some();
        }
    }
    if !every_order {
        let mut walk = PriorityWalk::new(SEED, CHANGES);
        while search.first_fault().is_none() && search.run(&mut walk)?.is_some() {}
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
        attacks,
        broken,
        skipped: search.skipped().map(str::to_owned),
    })
}

/// What the adversary has done.
#[derive(Debug)]
pub(crate) struct Hostile {
    /// The arrows, and which of them withstood an attack.
    pub(crate) attacks: Attacks,
    /// What was done to the scene in the first illegal run, in words.
    pub(crate) how: Option<String>,
    /// Whether it had more to try.
    pub(crate) stopped: bool,
}

/// Lets the adversary run the scene, until a run is illegal or the targets are attacked.
///
/// # Errors
///
/// The scene cannot be run.
pub(crate) fn attack_arrows<D: Direct>(
    search: &mut Search<'_, D>,
    transcript: &Transcript,
    targets: Targets,
) -> Result<Hostile> {
    let mut adversary = Adversary::new(arrows(transcript), PATIENCE);
    let constraints = transcript.constraints();
    let counts_always = constraints.iter().any(|constraint| constraint.text.starts_with("always"));
    let mut how = None;
    let first = search.runs();
    while search.runs() < first + LEARNING
        || targets == Targets::All
        || adversary.attacks().open().next().is_some()
        || counts_always && search.runs() < first + LEARNING + FOR_RULES
    {
        if search.run(&mut adversary)?.is_none() {
            break;
        }
        if search.first_fault().is_some() {
            how = Some(adversary.target().to_string());
            break;
        }
    }
    let attacks = adversary.attacks().clone();
    Ok(Hostile { attacks, how, stopped: adversary.begin() })
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
    /// What was shown, of so many `legal` outputs: `all 140 orders`, or `64 of 3,628,800, each of 9 arrows attacked`.
    pub(crate) fn shown(&self, different: usize, legal: Count) -> String {
        if let Some(reason) = &self.skipped {
            return format!("{}; not directed: {reason}", legal.seen(different));
        }
        let seen = match legal {
            Count::Exactly(1) if different == 1 => "the one legal order".to_owned(),
            Count::Exactly(legal) if different as u128 == legal && self.every_order => {
                return format!("all {} orders", grouped(legal));
            }
            _ if self.every_order => {
                return format!("every order: {} of {legal} outputs", grouped(different as u128));
            }
            legal => format!("{} of {legal}", grouped(different as u128)),
        };
        match self.attacks.arrows() {
            0 => seen,
            _ => format!("{seen}, {}", self.attacks),
        }
    }
}
