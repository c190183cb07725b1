//! The steps of a section about a scene: how to find each, and what to write if one is missing.

use super::outline::{Kind, Part};
use super::runs;

/// The line that opens the answer, and the one that closes it.
pub(crate) const FOLD: &str = "<details><summary>What happens, and why</summary>";
pub(crate) const UNFOLD: &str = "</details>";

/// The steps of a section about a scene, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Code,
    Predict,
    Run,
    WatchFor,
    Play,
    Fold,
    OneRun,
    Legal,
    Why,
    BreakIt,
    Says,
    Unfold,
}

pub(crate) const STEPS: [Step; 12] =
    [Code, Predict, Run, WatchFor, Play, Fold, OneRun, Legal, Why, BreakIt, Says, Unfold];

use Step::{BreakIt, Code, Fold, Legal, OneRun, Play, Predict, Run, Says, Unfold, WatchFor, Why};

impl Step {
    /// The step that `part` is, if it is one; `above` is the part before it.
    pub(crate) fn of(part: &Part<'_>, above: Option<&Part<'_>>) -> Option<Self> {
        match &part.kind {
            Kind::Generated(block) => match block.kind {
                "code" => Some(Code),
                "output" => Some(OneRun),
                "legal" => Some(Legal),
                "says" => Some(Says),
                _ => None,
            },
            Kind::Fence { .. } => above.is_some_and(runs::is_announced).then_some(OneRun),
            Kind::Html if part.source.contains("<details") => Some(Fold),
            Kind::Html if part.source.contains(UNFOLD) => Some(Unfold),
            Kind::Text => {
                let mut steps = [Predict, Run, WatchFor, Play, Why, BreakIt].into_iter();
                steps.find(|step| part.source.starts_with(step.name()))
            }
            _ => None,
        }
    }

    /// The words with which it begins in the text, or its name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Code => "the code",
            Predict => "**Predict.**",
            Run => "**Run.**",
            WatchFor => "**Watch for**",
            Play => "**Play.**",
            Fold => "<details>",
            OneRun => "one run",
            Legal => "the number of legal outputs",
            Why => "**Why.**",
            BreakIt => "**Break it.**",
            Says => "what the check says",
            Unfold => UNFOLD,
        }
    }

    /// What to write if it is missing; `flaw` is one that breaks the scene.
    pub(crate) fn how(self, package: &str, scene: &str, flaw: &str) -> String {
        let block = |kind, subject| format!("write <!-- {kind}: {subject} --> and <!-- end -->");
        match self {
            Code => format!("{} below the heading", block("code", scene)),
            Predict => "write **Predict.** and one question below the code".to_owned(),
            Run => format!("write **Run.** `cargo run -p {package} -- {scene}` below the question"),
            WatchFor => "write **Watch for** and what to look at below the command".to_owned(),
            Play => format!("write **Play.** and `cargo xtask play CHAPTER/{scene} --goal \"..\"`"),
            Fold => format!("write {FOLD} above what answers the question"),
            OneRun => {
                let block = block("output", scene);
                format!("{block}, or `One run:` and a fenced block, below <details>")
            }
            Legal => format!("{} below the run", block("legal", scene)),
            Why => "write **Why.** and the cause, naming the line of code".to_owned(),
            BreakIt => "write **Break it.** and one change to make in the file".to_owned(),
            Says => format!("{} below **Break it.**", block("says", &format!("{scene} {flaw}"))),
            Unfold => format!("write {UNFOLD} at the end of the section"),
        }
    }
}
