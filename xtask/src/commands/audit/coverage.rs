//! Which arrows a planted flaw breaks.

use std::path::PathBuf;

use course::{Course, Selected};
use transcript::{ConstraintKind, Flawed};

use crate::exit::Result;
use crate::terminal::{NOTE, counted, paint, println};

/// The outputs of flawed scenes, each with the transcript that rejected it.
pub(super) type Refusals = Vec<(PathBuf, Flawed)>;

/// Prints for each selected transcript the arrows that no flaw breaks, and then the sum.
pub(super) fn report(
    course: &Course,
    selected: &[Selected<'_>],
    refusals: &Refusals,
) -> Result<()> {
    let (mut all_arrows, mut all_broken) = (0, 0);
    for path in
        selected.iter().flat_map(|selected| &selected.scenes).flat_map(|scene| &scene.transcripts)
    {
        let of_path = refusals.iter().filter(|(refused_by, _)| refused_by == path);
        let flaws: Vec<Flawed> = of_path.map(|(_, flawed)| flawed.clone()).collect();
        let audit = course.transcript(path)?.audit(&flaws);
        let (arrows, broken) = audit.arrows();
        all_arrows += arrows;
        all_broken += broken;
        let unbroken = audit.constraints.iter().filter(|audited| {
            audited.constraint.kind == ConstraintKind::Arrow && audited.broken_by.is_empty()
        });
        for audited in unbroken {
            let name = course.display(path);
            println(format_args!(
                "{name}: {} {}",
                paint(NOTE, "no flaw breaks"),
                audited.constraint
            ))?;
        }
    }
    let arrows = counted(all_arrows, "arrow");
    println(format_args!("{arrows}: {all_broken} broken by a flaw"))
}
