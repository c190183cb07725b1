//! The section about a scene: the code and a question, then the answer, which is folded.

use course::{Scene, scene_of};
use transcript::Count;

use super::finding::Findings;
use super::outline::{Kind, Part, Section};
use super::runs;
use super::step::Step::{
    self, BreakIt, Code, Fold, Legal, OneRun, Play, Predict, Run, Says, Unfold, WatchFor, Why,
};
use super::step::{FOLD, STEPS, UNFOLD};
use super::text::ChapterText;

/// A section about one scene or two.
pub(crate) struct SceneSection<'o, 'a> {
    pub(crate) text: &'o ChapterText<'o>,
    /// The scenes of this section, at least one.
    pub(crate) names: Vec<&'a str>,
    pub(crate) section: &'o Section<'o, 'a>,
}

impl SceneSection<'_, '_> {
    /// Checks the section's form.
    pub(crate) fn check(&self, findings: &mut Findings<'_>) {
        let above = [None].into_iter().chain(self.section.body.iter().map(Some));
        let parts = self.section.body.iter().zip(above);
        let mut steps: Vec<(Step, &Part<'_>)> = Vec::new();
        for (part, above) in parts {
            let step = Step::of(part, above);
            steps.extend(step.map(|step| (step, part)));
            if let (Some(OneRun), Some(above)) = (step, above) {
                runs::judge(findings, self.text, &self.names, above, part);
            }
        }
        self.beginning(findings);
        self.blocks(findings);
        self.complete(findings, &steps);
        self.in_order(findings, &steps);
        self.folded(findings, &steps);
        for (step, part) in &steps {
            match step {
                Predict if !part.source.contains('?') => {
                    let what = "**Predict.** asks nothing: write one question";
                    findings.add(self.text.file, part.line, what);
                }
                Run => self.command(findings, part),
                _ => {}
            }
        }
    }

    /// Checks that at most one paragraph precedes the code.
    fn beginning(&self, findings: &mut Findings<'_>) {
        let parts = self.section.body.iter().take_while(|part| Step::of(part, None).is_none());
        if let Some(second) = parts.filter(|part| matches!(part.kind, Kind::Text)).nth(1) {
            let what = "a second paragraph above the code: move it down";
            findings.add(self.text.file, second.line, what);
        }
    }

    /// Checks that the generated blocks are about the scenes of this section, and that each scene has its code and a
    /// quotation.
    fn blocks(&self, findings: &mut Findings<'_>) {
        let mut shown = Vec::new();
        for part in self.section.body {
            let Kind::Generated(block) = part.kind else { continue };
            let Some(subject) = block.subject.first() else { continue };
            let scene = scene_of(subject.as_ref());
            if self.names.contains(&scene.as_str()) {
                shown.push((block.kind, scene));
            } else if self.text.scenes.iter().any(|known| known.name == scene) {
                let what = format_args!(
                    "a block about `{scene}` in the section about {}: move it",
                    self.title()
                );
                findings.add(self.text.file, part.line, what);
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

    /// Checks that no step is missing. A step of the reader, and the fold, may occur only once.
    fn complete(&self, findings: &mut Findings<'_>, steps: &[(Step, &Part<'_>)]) {
        for wanted in STEPS {
            let mut found = steps.iter().filter(|(step, _)| *step == wanted);
            match (found.next(), found.next()) {
                (None, _) if !self.can_lack(wanted) => self.lacks(findings, self.names[0], wanted),
                (_, Some((_, second))) if ![Code, OneRun, Legal, Says].contains(&wanted) => {
                    let what = format_args!("a second {}: keep one", wanted.name());
                    findings.add(self.text.file, second.line, what);
                }
                _ => {}
            }
        }
    }

    /// Whether the section is complete without the step.
    fn can_lack(&self, step: Step) -> bool {
        let mut body = self.section.body.iter();
        match step {
            Code | Says => true, // One for each scene: `blocks` has checked that.
            Play => true,        // For the few scenes whose order is worth choosing.
            OneRun => body.any(|part| part.generated() == Some("lanes")), // The lanes show a run, too.
            Legal => !self.has_number(),
            Unfold => !body.any(|part| Step::of(part, None) == Some(Fold)),
            _ => false,
        }
    }

    /// Whether the number of legal outputs is worth printing: not if it is one order, or any number.
    fn has_number(&self) -> bool {
        let scenes = self.text.scenes.iter();
        let scenes = scenes.filter(|scene| self.names.contains(&scene.name.as_str()));
        let transcripts = scenes.filter_map(|scene| scene.transcripts.first());
        let mut counts =
            transcripts.map(|file| Some(self.text.course.transcript(file).ok()?.count()));
        counts.any(|count| {
            !matches!(count, None | Some(Count::Exactly(1) | Count::Unbounded | Count::Uncounted))
        })
    }

    /// Checks the order of the steps.
    fn in_order(&self, findings: &mut Findings<'_>, steps: &[(Step, &Part<'_>)]) {
        // `folded` finds an answer above <details>.
        let is_in_place = |part: &Part<'_>, step| {
            part.is_folded || [Code, Predict, Run, WatchFor, Play, Fold].contains(&step)
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
            findings.add(self.text.file, part.line, what);
        }
    }

    /// Checks that the answer is inside `<details>`, and that nothing is below it.
    fn folded(&self, findings: &mut Findings<'_>, steps: &[(Step, &Part<'_>)]) {
        let Some((_, fold)) = steps.iter().find(|(step, _)| *step == Fold) else {
            return; // Already reported.
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
                findings.add(self.text.file, part.line, what);
            }
            if part.line > fold.line && !part.is_folded {
                let what = format_args!("below {UNFOLD}: move it up, into <details>");
                findings.add(self.text.file, part.line, what);
            }
            let is_glued = body.get(index + 1).is_some_and(|next| !part.ends_before(next));
            if matches!(Step::of(part, None), Some(Fold | Unfold))
                && (is_glued || ![FOLD, UNFOLD].contains(&part.source))
            {
                let what = format_args!(
                    "HTML that keeps the Markdown next to it from being read: \
                     write {FOLD} or {UNFOLD}, and an empty line below it"
                );
                findings.add(self.text.file, part.line, what);
            }
        }
    }

    /// Checks that the commands below `run` play each scene of this section, and no other.
    fn command(&self, findings: &mut Findings<'_>, run: &Part<'_>) {
        let below = self.section.body.iter().skip_while(|part| part.line <= run.line);
        let below = below.take_while(|part| Step::of(part, None).is_none());
        let mut commands: Vec<(usize, &str)> = Vec::new();
        for part in [run].into_iter().chain(below) {
            commands.extend(part.spans.iter().map(|span| (span.line, span.text.as_str())));
            if let Kind::Fence { body, .. } = &part.kind {
                commands.extend((part.line + 1..).zip(body.lines()));
            }
        }
        commands.retain(|(_, command)| command.contains("cargo run -p"));
        let plays = |command: &str, name: &str| {
            let wanted = format!("cargo run -p {} -- {name}", self.text.chapter.package);
            let rest = command.split_once(&wanted).map(|(_, rest)| rest);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        for name in &self.names {
            if !commands.iter().any(|(_, command)| plays(command, name)) {
                let command = self.how(name, Run);
                let what = format_args!("**Run.** does not play `{name}`: {command}");
                findings.add(self.text.file, run.line, what);
            }
        }
        for (line, command) in &commands {
            let other = |scene: &&Scene| !self.names.contains(&scene.name.as_str());
            let mut others = self.text.scenes.iter().filter(other);
            if others.any(|scene| plays(command, &scene.name)) {
                let what = format_args!("`{command}` plays a scene of another section: correct it");
                findings.add(self.text.file, *line, what);
            }
        }
    }

    fn lacks(&self, findings: &mut Findings<'_>, scene: &str, step: Step) {
        let what = format_args!("`{scene}` lacks {}: {}", step.name(), self.how(scene, step));
        findings.add(self.text.file, self.section.line, what);
    }

    /// What to write for a step that is missing.
    fn how(&self, scene: &str, step: Step) -> String {
        let flaw = self.text.flaws.iter().find(|flaw| flaw.scene == scene);
        let flaw = flaw.map_or("flaw", |flaw| flaw.name.as_str());
        step.how(&self.text.chapter.package, scene, flaw)
    }

    /// The scenes, as they are named in a sentence.
    fn title(&self) -> String {
        format!("`{}`", self.names.join("` and `"))
    }
}
