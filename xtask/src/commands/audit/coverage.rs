//! Which arrows and `seen` rules a planted flaw breaks.

use std::path::PathBuf;

use course::{Course, Selected};
use transcript::{ConstraintKind, Flawed};

use crate::exit::Result;
use crate::terminal::{NOTE, counted, paint, println};

/// What flawed scenes printed, each with the transcript that judged it: one that rejected an output, or that has a
/// `seen` rule.
pub(super) type FlawedOutputs = Vec<(PathBuf, Flawed)>;

/// Prints for each selected transcript the arrows and `seen` rules that no flaw breaks, and then the sums.
pub(super) fn report(
    course: &Course,
    selected: &[Selected<'_>],
    outputs: &FlawedOutputs,
) -> Result<()> {
    let (mut all_arrows, mut all_broken) = (0, 0);
    let (mut all_seen, mut all_unseen) = (0, 0);
    for path in
        selected.iter().flat_map(|selected| &selected.scenes).flat_map(|scene| &scene.transcripts)
    {
        let of_path = outputs.iter().filter(|(judged_by, _)| judged_by == path);
        let flaws: Vec<Flawed> = of_path.map(|(_, flawed)| flawed.clone()).collect();
        let audit = course.transcript(path)?.audit(&flaws);
        let (arrows, broken) = audit.arrows();
        all_arrows += arrows;
        all_broken += broken;
        let seen = audit
            .constraints
            .iter()
            .filter(|audited| audited.constraint.kind == ConstraintKind::Seen);
        all_seen += seen.clone().count();
        all_unseen += seen.filter(|audited| !audited.broken_by.is_empty()).count();
        let unbroken = audit.constraints.iter().filter(|audited| {
            let kind = audited.constraint.kind;
            matches!(kind, ConstraintKind::Arrow | ConstraintKind::Seen)
                && audited.broken_by.is_empty()
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
    println(format_args!("{arrows}: {all_broken} broken by a flaw"))?;
    match all_seen {
        0 => Ok(()),
        _ => {
            let rules = counted(all_seen, "`seen` rule");
            println(format_args!("{rules}: {all_unseen} broken by a flaw"))
        }
    }
}
