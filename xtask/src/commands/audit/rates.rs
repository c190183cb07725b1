//! `audit --broken --rates`: how many free runs show a flaw, and which directed run of an attack does?

use std::sync::atomic::{AtomicBool, Ordering};

use course::{BrokenCopy, Course};
use transcript::Sightings;

use super::planted::{Planted, hangs};
use crate::exit::Result;
use crate::judgement::{Failure, Judgement};
use crate::parallel;
use crate::player::Player;
use crate::terminal::{BAD, NOTE, STRONG, counted, paint, println};

/// How often each flaw is attacked: what a run does between two choices may differ from run to run.
const ATTACKS: usize = 20;

/// Measures one flaw after the other, and prints a row for each. A flaw that could not be built has a fault.
pub(super) fn report(
    course: &Course,
    player: &Player,
    copies: &[BrokenCopy<'_>],
    faults: &[Option<String>],
    runs: usize,
    directs: bool,
) -> Result<()> {
    let name = |copy: &BrokenCopy<'_>| {
        format!("{}/{} {}", copy.chapter.name, copy.flaw.scene, copy.flaw.name)
    };
    let width = copies.iter().map(|copy| name(copy).len()).max().unwrap_or(0);
    let (free, attacked) = (counted(runs, "free run"), counted(ATTACKS, "attack"));
    println(paint(STRONG, format_args!("{:width$}  {free:>14}  {attacked}", "caught in")))?;
    for (copy, fault) in copies.iter().zip(faults) {
        let rates = match fault {
            Some(fault) => paint(BAD, format_args!("not built: {fault}")),
            None => {
                let planted = Planted::new(course, player, copy)?;
                let free = FreeRuns::make(&planted, runs)?;
                match &free.skipped {
                    Some(why) => paint(NOTE, format_args!("skipped: {why}")),
                    None => {
                        let attacks = if directs { attacks(&planted)? } else { "none".to_owned() };
                        format!("{:>14}  {attacks}", free.in_words(&planted))
                    }
                }
            }
        };
        println(format_args!("{:width$}  {rates}", name(copy)))?;
    }
    Ok(())
}

/// Free runs of a flaw. In each of them, the scene runs once by each of its transcripts.
struct FreeRuns {
    made: usize,
    /// How many of them were caught.
    caught: usize,
    hung: bool,
    /// Why this machine cannot play the scene.
    skipped: Option<String>,
    /// What the accepted runs have shown, for each transcript.
    sightings: Vec<Sightings>,
}

impl FreeRuns {
    /// Makes this many runs, or fewer if one hangs: each of those takes the whole deadline.
    fn make(planted: &Planted<'_>, runs: usize) -> Result<Self> {
        let sightings = vec![Sightings::default(); planted.proofs.len()];
        let mut free = Self { made: 0, caught: 0, hung: false, skipped: None, sightings };
        let is_over = AtomicBool::new(false);
        let run = |_| -> Result<Vec<Judgement>> {
            let mut judgements = Vec::new();
            if !is_over.load(Ordering::Relaxed) {
                for proof in &planted.proofs {
                    let (judgement, _) = planted.play(proof)?;
                    is_over.fetch_or(hangs(&judgement), Ordering::Relaxed);
                    judgements.push(judgement);
                }
            }
            Ok(judgements)
        };
        parallel::for_each_item(0..runs, run, |judgements| {
            free.enter(judgements?);
            Ok(())
        })?;
        Ok(free)
    }

    fn enter(&mut self, judgements: Vec<Judgement>) {
        self.made += usize::from(!judgements.is_empty());
        self.caught += usize::from(judgements.iter().any(|it| matches!(it, Judgement::Failed(_))));
        for (judgement, sightings) in judgements.into_iter().zip(&mut self.sightings) {
            self.hung |= hangs(&judgement);
            match judgement {
                Judgement::Passed(accepted) => sightings.add(&accepted),
                Judgement::Skipped(why) => self.skipped = Some(why),
                Judgement::Failed(_) => {}
            }
        }
    }

    /// `31`, `2 of 2, hangs`, or `all together` if no run was caught, but a `seen` rule demands another one among them.
    fn in_words(&self, planted: &Planted<'_>) -> String {
        let is_unseen = planted.proofs.iter().zip(&self.sightings).any(|(proof, sightings)| {
            self.caught == 0 && Failure::unseen(&proof.transcript, sightings).is_some()
        });
        match self {
            Self { hung: true, made, caught, .. } => format!("{caught} of {made}, hangs"),
            _ if is_unseen => "all together".to_owned(),
            Self { caught, .. } => caught.to_string(),
        }
    }
}

/// How many attacks catch the flaw, and in which of their runs: `20, in directed run 1`.
fn attacks(planted: &Planted<'_>) -> Result<String> {
    let attack = |_| -> Result<Option<usize>> {
        for proof in &planted.proofs {
            if let Some(broken) = planted.attack(proof)?.and_then(|attacked| attacked.broken) {
                return Ok(Some(broken.run));
            }
        }
        Ok(None)
    };
    let mut found = Vec::new();
    parallel::for_each_item(0..ATTACKS, attack, |run| {
        found.extend(run?);
        Ok(())
    })?;
    let count = found.len();
    Ok(match (found.iter().min(), found.iter().max()) {
        (Some(first), Some(last)) if first < last => {
            format!("{count}, in directed run {first} to {last}")
        }
        (Some(only), _) => format!("{count}, in directed run {only}"),
        _ => "0".to_owned(),
    })
}
