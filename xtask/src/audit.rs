//! `audit`: is each transcript neither too strict nor too weak?

mod broken;
mod copies;
mod quotes;

use std::thread;

use transcript::Audit;

use crate::answer::{Answer, Result};
use crate::cli;
use crate::selector::Selected;
use crate::terminal::{BAD, GOOD, counted, paint, println};
use crate::workspace::Workspace;

/// Every audit asks the same questions, so that a failure can be repeated.
const SEED: u64 = 1;

pub(crate) fn audit(arguments: &cli::Audit) -> Result {
    let workspace = Workspace::find()?;
    let selected = workspace.select(&arguments.selectors)?;
    let failures = transcripts(&workspace, &selected)?;
    let escaped =
        if arguments.broken { broken::audit(&workspace, &selected, arguments.fix)? } else { 0 };
    Ok(Answer::from_failures(failures + escaped))
}

/// Audits each transcript of the selected scenes; returns how many failed.
fn transcripts(workspace: &Workspace, selected: &[Selected<'_>]) -> Result<usize> {
    let mut names = Vec::new();
    let mut transcripts = Vec::new();
    for path in
        selected.iter().flat_map(|selected| &selected.scenes).flat_map(|scene| &scene.transcripts)
    {
        names.push(workspace.display(path).to_string());
        transcripts.push(workspace.transcript(path)?);
    }
    let audits: Vec<Audit> = thread::scope(|scope| {
        let running: Vec<_> =
            transcripts.iter().map(|transcript| scope.spawn(|| transcript.audit(SEED))).collect();
        running.into_iter().map(|thread| thread.join().expect("an audit does not panic")).collect()
    });

    let mut failed = 0;
    let [mut accepted, mut legal, mut rejected, mut illegal] = [0; 4];
    for (name, audit) in names.iter().zip(&audits) {
        println(format_args!("{name}: {}", verdict(audit)))?;
        for edge in &audit.excused {
            println(format_args!("    a rule alone keeps the order of {edge}"))?;
        }
        for failure in &audit.failures {
            println(indented(failure))?;
        }
        failed += usize::from(!holds(audit));
        accepted += audit.legal_accepted;
        legal += audit.legal;
        rejected += audit.illegal_rejected;
        illegal += audit.illegal;
    }
    let count = counted(audits.len(), "transcript");
    println(format_args!(
        "{count}: accepted {accepted}/{legal} legal · rejected {rejected}/{illegal} illegal"
    ))?;
    Ok(failed)
}

fn holds(audit: &Audit) -> bool {
    audit.legal_accepted == audit.legal
        && audit.illegal_rejected == audit.illegal
        && audit.failures.is_empty()
}

fn verdict(audit: &Audit) -> String {
    let Audit { legal_accepted, legal, illegal_rejected, illegal, .. } = audit;
    let style = if holds(audit) { GOOD } else { BAD };
    paint(
        style,
        format_args!(
            "accepted {legal_accepted}/{legal} legal · rejected {illegal_rejected}/{illegal} illegal"
        ),
    )
}

/// A paragraph, set off from the line it belongs to.
pub(crate) fn indented(paragraph: &str) -> String {
    paragraph.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_answer_fails_the_audit() {
        let sound = || Audit {
            legal_accepted: 9,
            legal: 9,
            illegal_rejected: 7,
            illegal: 7,
            ..Audit::default()
        };
        assert!(holds(&sound()));
        assert!(!holds(&Audit { legal_accepted: 8, ..sound() }));
        assert!(!holds(&Audit { illegal_rejected: 6, ..sound() }));
        assert!(!holds(&Audit { failures: vec!["too weak".to_owned()], ..sound() }));
    }
}
