//! A planted flaw, as a scene that can be played and attacked.

use std::path::PathBuf;
use std::time::Duration;

use course::files::stem;
use course::{BrokenCopy, Course, Flaw, Scene};
use transcript::Transcript;

use crate::attacks::{Attacked, Effort, Targets, attack};
use crate::directed;
use crate::exit::Result;
use crate::judgement::{Cause, Failure, Judgement, judge};
use crate::player::{Play, Played, Player};
use crate::search::Bounds;

/// The first attacks that a check makes, without its haste: a busy machine must find what an idle one finds.
const EFFORT: Effort =
    Effort { targets: Targets::Arrows, bounds: Bounds { runs: 6, time: Duration::from_secs(10) } };

/// A scene with a flaw in it, and the transcripts that judge it.
pub(super) struct Planted<'a> {
    player: &'a Player,
    pub(super) flaw: &'a Flaw,
    pub(super) proofs: Vec<Proof>,
}

/// One of the scene's transcripts, and how to play it.
pub(super) struct Proof {
    pub(super) path: PathBuf,
    pub(super) transcript: Transcript,
    play: Play,
    /// Whether the scene can be directed.
    is_directed: bool,
}

impl<'a> Planted<'a> {
    pub(super) fn new(
        course: &Course,
        player: &'a Player,
        copy: &'a BrokenCopy<'_>,
    ) -> Result<Self> {
        let scene: Scene = copy.chapter.scene(&copy.flaw.scene)?;
        let proof = |path: &PathBuf| {
            let transcript = course.transcript(path)?;
            let play = Play::of(&transcript, &copy.binary(), copy.chapter.deadline);
            let is_directed = !copy.chapter.undirected.contains_key(&stem(path));
            Ok(Proof { path: path.clone(), transcript, play, is_directed })
        };
        let proofs = scene.proven()?.iter().map(proof).collect::<Result<_>>()?;
        Ok(Self { player, flaw: &copy.flaw, proofs })
    }

    /// One free run.
    pub(super) fn play(&self, proof: &Proof) -> Result<(Judgement, Played)> {
        let played = self.player.play(&proof.play)?;
        Ok((judge(&proof.transcript, &played), played))
    }

    /// A few attacks. None if the scene cannot be directed.
    pub(super) fn attack(&self, proof: &Proof) -> Result<Option<Attacked>> {
        if !proof.is_directed {
            return Ok(None);
        }
        let legal = proof.transcript.count();
        let direct = directed::scene(self.player, &proof.play);
        let mut attacked = attack(&proof.transcript, legal, direct, EFFORT)?;
        // A directed run is slow. At its deadline, a scene that computes may just not be done.
        attacked.broken.take_if(|broken| hangs(&broken.directed.judgement));
        Ok(Some(attacked))
    }
}

/// Whether the run was stopped at its deadline.
pub(super) fn hangs(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Failed(Failure { cause: Cause::Hung { .. }, .. }))
}
