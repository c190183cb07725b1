//! What a transcript allows without one of its parts.

use std::path::Path;

use course::{Course, Selected};
use transcript::{Budget, Effect, Weakening};

use crate::exit::{Error, Result};
use crate::parallel;
use crate::player::Player;
use crate::terminal::{BAD, GOOD, counted, paint, println};

/// What the loss of each part changes, added up over several transcripts.
#[derive(Default)]
struct Sum {
    parts: usize,
    orders: usize,
    values: usize,
    runs: usize,
    uncounted: usize,
    nothing: usize,
}

/// Prints the parts of the selected transcripts that forbid nothing. Returns how many there are.
pub(super) fn audit(course: &Course, player: &Player, selected: &[Selected<'_>]) -> Result<usize> {
    let scenes = selected.iter().flat_map(|selected| &selected.scenes);
    let paths: Vec<&Path> =
        scenes.flat_map(|scene| &scene.transcripts).map(AsRef::as_ref).collect();
    let mut sum = Sum::default();
    let work = |path: &Path| effects(course, player, path);
    parallel::for_each_in_order(paths.iter().copied(), work, |path, effects| {
        for (weakening, effect) in effects? {
            sum.add(effect);
            if effect == Effect::Same {
                let what = paint(BAD, "nothing changes");
                println(format_args!("{}: {what} {weakening}", course.display(path)))?;
            }
        }
        Ok(())
    })?;
    println(format_args!("{}, {}", counted(paths.len(), "transcript"), sum.sentence()))?;
    Ok(sum.nothing)
}

/// Each part of a transcript, in words, with the effect of its loss.
fn effects(course: &Course, player: &Player, path: &Path) -> Result<Vec<(String, Effect)>> {
    let transcript = course.transcript(path)?;
    let interrupted = || player.interrupted();
    let budget = || Budget::default().until(&interrupted);
    let whole = transcript.count_within(&budget());
    let effect = |part: Weakening| (part.to_string(), part.effect(whole, &budget()));
    let effects = transcript.weakenings().into_iter().map(effect).collect();
    if player.interrupted() { Err(Error::Interrupted) } else { Ok(effects) }
}

impl Sum {
    fn add(&mut self, effect: Effect) {
        self.parts += 1;
        match effect {
            Effect::Changes { .. } => self.orders += 1,
            Effect::Values => self.values += 1,
            Effect::Runs { .. } => self.runs += 1,
            Effect::Same => self.nothing += 1,
            _ => self.uncounted += 1,
        }
    }

    /// `260 parts: 231 forbid orders, 3 forbid values, 26 could not be counted, 0 forbid nothing`.
    fn sentence(&self) -> String {
        let Self { parts, orders, values, runs, uncounted, nothing } = self;
        let style = if *nothing == 0 { GOOD } else { BAD };
        let nothing = paint(style, format_args!("{nothing} forbid nothing"));
        let parts = counted(*parts, "part");
        // Few transcripts have a `seen` rule.
        let runs = match runs {
            0 => String::new(),
            _ => format!(" {runs} need a run,"),
        };
        format!(
            "{parts}: {orders} forbid orders, {values} forbid values,{runs} {uncounted} could not be counted, {nothing}"
        )
    }
}
