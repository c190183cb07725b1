//! The section about a scene: the code and a question, then, folded, what answers it.

use std::path::Path;

use course::{Flaw, Scene, scene_of};

use super::finding::Findings;
use super::outline::{Kind, Part, Section};

/// The line that opens the answer, and the one that closes it.
const FOLD: &str = "<details><summary>What happens, and why</summary>";
const UNFOLD: &str = "</details>";

/// What a section about a scene has, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Code,
    Predict,
    Run,
    WatchFor,
    Fold,
    OneRun,
    Legal,
    Why,
    BreakIt,
    Says,
    Unfold,
}

use Step::{BreakIt, Code, Fold, Legal, OneRun, Predict, Run, Says, Unfold, WatchFor, Why};

const STEPS: [Step; 11] =
    [Code, Predict, Run, WatchFor, Fold, OneRun, Legal, Why, BreakIt, Says, Unfold];

impl Step {
    /// The step that `part` is, if it is one; `above` is the part before it.
    fn of(part: &Part<'_>, above: Option<&Part<'_>>) -> Option<Self> {
        match &part.kind {
            Kind::Generated(block) => match block.kind {
                "code" => Some(Code),
                "output" => Some(OneRun),
                "legal" => Some(Legal),
                "says" => Some(Says),
                _ => None,
            },
            Kind::Fence { .. } => above.is_some_and(announces_a_run).then_some(OneRun),
            Kind::Html if part.source.contains("<details") => Some(Fold),
            Kind::Html if part.source.contains(UNFOLD) => Some(Unfold),
            Kind::Text => {
                let mut steps = [Predict, Run, WatchFor, Why, BreakIt].into_iter();
                steps.find(|step| part.source.starts_with(step.name()))
            }
            _ => None,
        }
    }

    /// What the text begins it with, or what a message calls it.
    fn name(self) -> &'static str {
        match self {
            Code => "the code",
            Predict => "**Predict.**",
            Run => "**Run.**",
            WatchFor => "**Watch for**",
            Fold => "<details>",
            OneRun => "one run",
            Legal => "the number of legal outputs",
            Why => "**Why.**",
            BreakIt => "**Break it.**",
            Says => "what the check says",
            Unfold => UNFOLD,
        }
    }
}

/// Whether the paragraph announces the output of a run in the fence below it.
pub(crate) fn announces_a_run(part: &Part<'_>) -> bool {
    let begins = ["One run", "Another run"].iter().any(|words| part.source.starts_with(words));
    matches!(part.kind, Kind::Text) && begins && part.source.ends_with(':')
}

/// A section about one scene or two.
pub(crate) struct SceneSection<'o, 'a> {
    pub(crate) file: &'o Path,
    /// The package of the chapter.
    pub(crate) package: &'o str,
    /// The scenes of the chapter.
    pub(crate) scenes: &'o [Scene],
    /// The flaws of the chapter.
    pub(crate) flaws: &'o [Flaw],
    /// The scenes of this section, at least one.
    pub(crate) names: Vec<&'a str>,
    pub(crate) section: &'o Section<'o, 'a>,
}

impl SceneSection<'_, '_> {
    /// Checks the section's form.
    pub(crate) fn check(&self, findings: &mut Findings<'_>) {
        let above = [None].into_iter().chain(self.section.body.iter().map(Some));
        let parts = self.section.body.iter().zip(above);
        let steps: Vec<(Step, &Part<'_>)> =
            parts.filter_map(|(part, above)| Some((Step::of(part, above)?, part))).collect();
        self.beginning(findings);
        self.blocks(findings);
        self.complete(findings, &steps);
        self.in_order(findings, &steps);
        self.folded(findings, &steps);
        for (step, part) in &steps {
            match step {
                Predict if !part.source.contains('?') => {
                    let what = "**Predict.** asks nothing: write one question";
                    findings.add(self.file, part.line, what);
                }
                Run => self.command(findings, part),
                _ => {}
            }
        }
    }

    /// At most one paragraph precedes the code.
    fn beginning(&self, findings: &mut Findings<'_>) {
        let parts = self.section.body.iter().take_while(|part| Step::of(part, None).is_none());
        if let Some(second) = parts.filter(|part| matches!(part.kind, Kind::Text)).nth(1) {
            let what = "a second paragraph above the code: move it down";
            findings.add(self.file, second.line, what);
        }
    }

    /// The generated blocks are about the scenes of this section, and each scene has its code and a quotation.
    fn blocks(&self, findings: &mut Findings<'_>) {
        let mut shown = Vec::new();
        for part in self.section.body {
            let Kind::Generated(block) = part.kind else { continue };
            let Some(subject) = block.subject.first() else { continue };
            let scene = scene_of(subject.as_ref());
            if self.names.contains(&scene.as_str()) {
                shown.push((block.kind, scene));
            } else if self.scenes.iter().any(|known| known.name == scene) {
                let what = format_args!(
                    "a block about `{scene}` in the section about {}: move it",
                    self.title()
                );
                findings.add(self.file, part.line, what);
            }
        }
        for (step, kind) in [(Code, "code"), (Says, "says")] {
            for name in &self.names {
                if !shown.contains(&(kind, (*name).to_owned())) {
                    self.lacks(findings, name, step);
                }
            }
        }
    }

    /// Every step is there; what a reader does, and the fold, once.
    fn complete(&self, findings: &mut Findings<'_>, steps: &[(Step, &Part<'_>)]) {
        let has = |wanted| steps.iter().any(|(step, _)| *step == wanted);
        for wanted in STEPS {
            let mut found = steps.iter().filter(|(step, _)| *step == wanted).skip(1);
            match wanted {
                Code | Says => {} // One for each scene: `blocks` has looked.
                Unfold if !has(Fold) => {}
                _ if !has(wanted) => self.lacks(findings, self.names[0], wanted),
                OneRun | Legal => {}
                _ => {
                    if let Some((_, second)) = found.next() {
                        let what = format_args!("a second {}: keep one", wanted.name());
                        findings.add(self.file, second.line, what);
                    }
                }
            }
        }
    }

    /// The steps come one after the other.
    fn in_order(&self, findings: &mut Findings<'_>, steps: &[(Step, &Part<'_>)]) {
        // An answer above <details> is found by `folded`.
        let is_in_place = |part: &Part<'_>, step| {
            part.is_folded || [Code, Predict, Run, WatchFor, Fold].contains(&step)
        };
        let first = |wanted: &Step| {
            steps.iter().find(|(step, part)| step == wanted && is_in_place(part, *step))
        };
        let firsts: Vec<&(Step, &Part<'_>)> = STEPS.iter().filter_map(first).collect();
        let inverted = firsts.windows(2).find(|pair| pair[1].1.line < pair[0].1.line);
        if let Some([(above, _), (below, part)]) = inverted {
            let order = STEPS.map(Step::name).join(", ");
            let (above, below) = (above.name(), below.name());
            let what = format_args!("{below} comes before {above}: the order is {order}");
            findings.add(self.file, part.line, what);
        }
    }

    /// What answers the question is inside of <details>, and nothing is below it.
    fn folded(&self, findings: &mut Findings<'_>, steps: &[(Step, &Part<'_>)]) {
        let Some((_, fold)) = steps.iter().find(|(step, _)| *step == Fold) else {
            return; // Found already.
        };
        let body = self.section.body;
        for (index, part) in body.iter().enumerate() {
            let answers = match &part.kind {
                Kind::Generated(block) => block.kind != "code",
                Kind::Fence { language, .. } => language.is_empty() || language == "text",
                Kind::Text => matches!(Step::of(part, None), Some(Why | BreakIt)),
                _ => false,
            };
            if answers && part.line < fold.line {
                let what =
                    "answers the question before the reader has a guess: move it into <details>";
                findings.add(self.file, part.line, what);
            }
            if part.line > fold.line && !part.is_folded {
                let what = format_args!("below {UNFOLD}: move it up, into <details>");
                findings.add(self.file, part.line, what);
            }
            let is_glued = body.get(index + 1).is_some_and(|next| !part.ends_before(next));
            if matches!(Step::of(part, None), Some(Fold | Unfold))
                && (is_glued || ![FOLD, UNFOLD].contains(&part.source))
            {
                let what = format_args!(
                    "HTML that keeps the Markdown next to it from being read: \
                     write {FOLD} or {UNFOLD}, and an empty line below it"
                );
                findings.add(self.file, part.line, what);
            }
        }
    }

    /// The commands below `run` play the scenes of this section, each of them.
    fn command(&self, findings: &mut Findings<'_>, run: &Part<'_>) {
        let below = self.section.body.iter().skip_while(|part| part.line <= run.line);
        let below = below.take_while(|part| Step::of(part, None).is_none());
        let spans = [run].into_iter().chain(below).flat_map(|part| &part.spans);
        let commands: Vec<_> = spans.filter(|span| span.text.starts_with("cargo run")).collect();
        let plays = |command: &str, name: &str| {
            let rest = command.strip_prefix(&format!("cargo run -p {} -- {name}", self.package));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        for name in &self.names {
            if !commands.iter().any(|span| plays(&span.text, name)) {
                let command = self.how(name, Run);
                let what = format_args!("**Run.** does not play `{name}`: {command}");
                findings.add(self.file, run.line, what);
            }
        }
        for span in &commands {
            if !self.names.iter().any(|name| plays(&span.text, name)) {
                let what = format_args!("`{}` plays no scene of this section", span.text);
                findings.add(self.file, span.line, format_args!("{what}: correct it"));
            }
        }
    }

    fn lacks(&self, findings: &mut Findings<'_>, scene: &str, step: Step) {
        let what = format_args!("`{scene}` lacks {}: {}", step.name(), self.how(scene, step));
        findings.add(self.file, self.section.line, what);
    }

    /// What to write for a step that is missing.
    fn how(&self, scene: &str, step: Step) -> String {
        let block = |kind: &str, subject: &str| {
            format!("write <!-- {kind}: {subject} --> and <!-- end -->")
        };
        match step {
            Code => format!("{} below the heading", block("code", scene)),
            Predict => "write **Predict.** and one question below the code".to_owned(),
            Run => format!(
                "write **Run.** `cargo run -p {} -- {scene}` below the question",
                self.package
            ),
            WatchFor => "write **Watch for** and what to look at below the command".to_owned(),
            Fold => format!("write {FOLD} above what answers the question"),
            OneRun => format!(
                "{}, or `One run:` and a fenced block, below <details>",
                block("output", scene)
            ),
            Legal => format!("{} below the run", block("legal", scene)),
            Why => "write **Why.** and the cause, naming the line of code".to_owned(),
            BreakIt => "write **Break it.** and one change to make in the file".to_owned(),
            Says => {
                let flaw = self.flaws.iter().find(|flaw| flaw.scene == scene);
                let flaw = flaw.map_or("flaw", |flaw| flaw.name.as_str());
                format!("{} below **Break it.**", block("says", &format!("{scene} {flaw}")))
            }
            Unfold => format!("write {UNFOLD} at the end of the section"),
        }
    }

    /// The scenes, as a sentence names them.
    fn title(&self) -> String {
        format!("`{}`", self.names.join("` and `"))
    }
}
