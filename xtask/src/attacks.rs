//! Attacks a scene: does it keep the order of its transcript, whatever the scheduler does?
//!
//! The adversary comes first, with its attacks on the arrows. Then come other orders: every order, where these are few,
//! or else a random walk. The first illegal run ends it.

mod attacked;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use orders::{Adversary, All, Attacks, Policy, PriorityWalk};
use transcript::{Count, Reason, Transcript};

pub(crate) use self::attacked::{Attacked, Broken, Varied};

use crate::directed::Direct;
use crate::exit::Result;
use crate::search::{Bounds, FirstFault, Search};

/// The most moves of others that a held move waits for.
const PATIENCE: usize = 2_000;
/// The first runs of the adversary, from which it learns what it can attack.
const LEARNING: usize = 2;
/// How many more runs the adversary gets if an `always` rule counts lines, which no arrow attacks.
const FOR_RULES: usize = 4;
/// Every order is tried if there are at most this many legal outputs for each run that is left: one run is a path
/// through states in which many orders meet.
const OUTPUTS_PER_RUN: u128 = 4;
/// How many runs a random walk adds where there are too many orders to try all, if only the arrows are attacked.
const WALK: usize = 4;
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
    /// For the attacks, and once more for other orders.
    pub(crate) bounds: Bounds,
}

impl Effort {
    /// Each arrow, and every order if these are few.
    pub(crate) const BRIEF: Self = Self {
        targets: Targets::Arrows,
        bounds: Bounds { runs: 40, time: Duration::from_secs(1) },
    };
    /// Every target.
    pub(crate) const THOROUGH: Self =
        Self { targets: Targets::All, bounds: Bounds { runs: 300, time: Duration::from_secs(4) } };

    /// The same, but in at most this time.
    pub(crate) const fn within(self, time: Duration) -> Self {
        Self { bounds: Bounds { time, ..self.bounds }, ..self }
    }
}

/// Attacks the arrows of the scene that `direct` runs once, then tries other orders of it, all within the bounds.
///
/// # Errors
///
/// The scene cannot be run.
pub(crate) fn attack(
    transcript: &Transcript,
    legal: Count,
    mut direct: impl Direct,
    effort: Effort,
) -> Result<Attacked> {
    let start = Instant::now();
    let mut attacked = hold_back(transcript, &mut direct, effort)?;
    if !attacked.is_settled() {
        let runs = effort.bounds.runs.saturating_sub(attacked.runs);
        let time = effort.bounds.time.saturating_sub(start.elapsed());
        let bounds = Bounds { runs, time };
        attacked.add(vary(transcript, legal, direct, Effort { bounds, ..effort })?);
    }
    Ok(attacked)
}

/// Attacks the arrows of the scene that `direct` runs once. At least two runs are made, however long they take.
///
/// # Errors
///
/// The scene cannot be run.
pub(crate) fn hold_back(
    transcript: &Transcript,
    direct: impl Direct,
    Effort { targets, bounds }: Effort,
) -> Result<Attacked> {
    let mut search = Search::new(transcript, direct, bounds).at_least(LEARNING);
    let Hostile { attacks, how, .. } = attack_arrows(&mut search, transcript, targets)?;
    Ok(Attacked {
        runs: search.runs(),
        cut_off: search.cut_off(),
        shapes: search.shapes(),
        every_order: false,
        attacks,
        exhausted: !search.is_over(),
        broken: broken(&mut search, how.as_deref().unwrap_or_default()),
        skipped: search.skipped().map(str::to_owned),
    })
}

/// Tries every order of the scene if there are few `legal` outputs, or else random ones.
///
/// # Errors
///
/// The scene cannot be run.
pub(crate) fn vary(
    transcript: &Transcript,
    legal: Count,
    direct: impl Direct,
    Effort { targets, bounds }: Effort,
) -> Result<Varied> {
    let mut search = Search::new(transcript, direct, bounds);
    let few = OUTPUTS_PER_RUN * bounds.runs as u128;
    let mut every_order = false;
    if matches!(legal, Count::Exactly(legal) if legal <= few) {
        let broken = |search: &Search<'_, _>| search.first_fault().is_some();
        every_order = search.every_order(&mut All::default(), broken)?.is_some();
    } else {
        let mut policy = PriorityWalk::new(SEED, CHANGES);
        let walk = if targets == Targets::All { bounds.runs } else { WALK };
        while search.runs() < walk
            && search.first_fault().is_none()
            && search.run(&mut policy)?.is_some()
        {}
    }
    Ok(Varied {
        runs: search.runs(),
        cut_off: search.cut_off(),
        shapes: search.shapes(),
        every_order,
        broken: broken(&mut search, "another order"),
    })
}

fn broken<D: Direct>(search: &mut Search<'_, D>, how: &str) -> Option<Broken> {
    let FirstFault { run, choices, directed } = search.take_first_fault()?;
    Some(Broken { run, how: how.to_owned(), choices, directed })
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

#[cfg(test)]
mod tests {
    use runner::{Choice, Step, View};

    use super::*;
    use crate::directed::STEPS;
    use crate::directed::tests::{RIGHT, WRONG, direct};
    use crate::player::Played;

    const BRIEF: Effort = patient(Effort::BRIEF);
    const THOROUGH: Effort = patient(Effort::THOROUGH);

    /// The same, however slow this machine is at the moment.
    const fn patient(effort: Effort) -> Effort {
        effort.within(Duration::from_secs(600))
    }

    fn held_back(text: &str, effort: Effort) -> (Transcript, Attacked) {
        let transcript = Transcript::parse("three.txt", text).expect("a transcript");
        let attacked = hold_back(&transcript, direct, effort).expect("a director that never fails");
        (transcript, attacked)
    }

    #[test]
    fn all_orders_are_more_than_all_attacks() {
        let (transcript, mut attacked) = held_back(RIGHT, BRIEF);
        let legal = Count::Exactly(2);
        assert_eq!(attacked.shown(1, legal), "1 of 2, the arrow attacked");
        let runs = attacked.runs;
        let varied = vary(&transcript, legal, direct, BRIEF).expect("no failure");
        attacked.add(varied);
        assert!(attacked.runs > runs);
        let seen = attacked.shapes.len();
        assert_eq!(attacked.shown(seen, legal), "all 2 orders");
        assert!(attacked.shows_all(seen, legal));
        // That the program cannot print the third one is no proof that nothing can.
        assert!(!attacked.shows_all(seen, Count::Exactly(3)));
        assert_eq!(attacked.shown(seen, Count::Exactly(3)), "2 of 3, the arrow attacked");
    }

    #[test]
    fn too_little_time_is_no_failure() {
        let (transcript, mut attacked) = held_back(RIGHT, THOROUGH.within(Duration::ZERO));
        assert_eq!((attacked.runs, attacked.exhausted), (LEARNING, false));
        assert!(attacked.broken.is_none());
        attacked.attacks = arrows(&transcript);
        assert_eq!(attacked.shown(1, Count::Exactly(2)), "1 of 2, the arrow not attacked yet");
        attacked.exhausted = true;
        assert_eq!(attacked.shown(1, Count::Exactly(2)), "1 of 2, no attack on the arrow possible");
    }

    /// A director whose program goes on for ever once its first child has begun, so one order is without an end.
    fn endless(choose: &mut dyn FnMut(&View<'_>) -> Choice) -> Result<(Played, Vec<Step>)> {
        let (mut played, mut steps) = direct(choose)?;
        if steps.first().is_some_and(|step| step.chosen == 0) {
            let last = steps.last().cloned().expect("a step");
            steps.extend(std::iter::repeat_n(last, STEPS));
            played.recording.lines.clear();
        }
        Ok((played, steps))
    }

    #[test]
    fn runs_that_are_cut_off_are_counted() {
        let transcript = Transcript::parse("three.txt", RIGHT).expect("a transcript");
        let attacked = attack(&transcript, Count::Exactly(2), endless, BRIEF);
        let attacked = attacked.expect("a director that never fails");
        assert!(0 < attacked.cut_off && attacked.cut_off < attacked.runs, "{attacked:?}");
        let Attacked { cut_off, runs, .. } = &attacked;
        let remark =
            format!("not shown: {cut_off} of {runs} directed runs, cut off after 5,000 moves");
        assert_eq!(attacked.remarks(), [remark]);
        assert_eq!((attacked.obstacle(), attacked.every_order), (None, false));
        assert_eq!(attacked.shown(1, Count::Exactly(2)), "1 of 2, the arrow not attacked yet");
    }

    #[test]
    fn a_scene_without_a_whole_run_is_not_attacked() {
        let always = |choose: &mut dyn FnMut(&View<'_>) -> Choice| {
            endless(&mut |view| match choose(view) {
                Choice::Take(_) => Choice::Take(0),
                Choice::Abandon => Choice::Abandon,
            })
        };
        let transcript = Transcript::parse("three.txt", RIGHT).expect("a transcript");
        let effort = Effort { bounds: Bounds { runs: 3, ..BRIEF.bounds }, ..BRIEF };
        let attacked = hold_back(&transcript, always, effort).expect("no failure");
        let why = "each of 3 directed runs has more than 5,000 moves";
        assert_eq!(attacked.obstacle().as_deref(), Some(why));
        assert!(attacked.remarks().is_empty(), "it has been said");
        assert_eq!((attacked.attacks.attacked(), attacked.shapes.len()), (0, 0));
        let shown = attacked.shown(1, Count::Exactly(2));
        assert_eq!(shown, format!("seen 1 of 2; not attacked: {why}"));
    }

    #[test]
    fn the_first_illegal_run_ends_the_attacks() {
        let (_, attacked) = held_back(WRONG, THOROUGH);
        let broken = attacked.broken.as_ref().expect("nothing keeps the order");
        assert_eq!((broken.run, attacked.runs), (attacked.runs, broken.run));
        assert!(broken.how.starts_with("every line is late"), "{}", broken.how);
        assert!(attacked.is_settled());
    }
}
