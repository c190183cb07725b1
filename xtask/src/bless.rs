//! `bless`: the literal text of transcripts from real runs.
//!
//! Arrows, holes and rules are the author's: what a run showed is not what every run must show.

use std::path::Path;

use transcript::Transcript;

use crate::answer::{Answer, Result};
use crate::artifacts::Artifacts;
use crate::cli;
use crate::judgement::{SKIPPED, misdeed};
use crate::runner::{Ended, Report, Run, Runner};
use crate::scene::Scene;
use crate::selector::Selected;
use crate::terminal::{BAD, GOOD, NOTE, paint, println};
use crate::workspace::{Chapter, Workspace, write};

pub(crate) fn bless(arguments: &cli::Bless) -> Result {
    let workspace = Workspace::find()?;
    let selected = workspace.select(&arguments.selectors)?;
    let chapters: Vec<&Chapter> = selected.iter().map(|selected| selected.chapter).collect();
    let runner = Runner::new()?;
    let artifacts = Artifacts::of(&runner, &workspace, &chapters)?;
    let desk = Desk { workspace: &workspace, artifacts, runner };
    let mut failures = 0;
    for Selected { chapter, scenes, .. } in &selected {
        for scene in scenes {
            failures += desk.bless(chapter, scene, arguments.record)?;
        }
    }
    Ok(Answer::from_failures(failures))
}

struct Desk<'a> {
    workspace: &'a Workspace,
    artifacts: Artifacts,
    runner: Runner,
}

impl Desk<'_> {
    /// Blesses all transcripts of a scene, or drafts its first; returns how many could not be.
    fn bless(&self, chapter: &Chapter, scene: &Scene, record: Option<u32>) -> Result<usize> {
        let mut failures = 0;
        for path in &scene.transcripts {
            failures += usize::from(!self.rewrite(chapter, path)?);
        }
        if scene.transcripts.is_empty() {
            let path = chapter.folder.join(format!("transcripts/{}.txt", scene.name));
            if let Some(runs) = record {
                failures += usize::from(!self.record(chapter, &scene.name, &path, runs)?);
            } else {
                self.note(&path, "does not exist: --record N drafts it")?;
            }
        }
        Ok(failures)
    }

    /// Brings one transcript up to date; false if some line found no place in it.
    fn rewrite(&self, chapter: &Chapter, path: &Path) -> Result<bool> {
        let transcript = self.workspace.transcript(path)?;
        let output = match self.play(chapter, transcript.command())? {
            Ok(output) => output,
            Err(why) => return self.refuse(path, &why),
        };
        let blessed = transcript.bless(&output);
        write(path, &blessed.text)?;
        let name = self.workspace.display(path);
        if blessed.changed.is_empty() {
            println(format_args!("{name}: unchanged"))?;
        } else {
            let lines: Vec<String> = blessed.changed.iter().map(ToString::to_string).collect();
            println(format_args!("{name}: {} line {}", paint(GOOD, "rewrote"), lines.join(", ")))?;
        }
        for (line, text) in &blessed.unattributed {
            let what = format_args!(
                "no event for output line {}: \"{text}\": write an event for it",
                line + 1
            );
            println(format_args!("{name}: {}: {what}", paint(BAD, "left out")))?;
        }
        for event in &blessed.missing {
            let event = &transcript.events()[*event];
            let what = format_args!(
                "no output line for \"{}\": remove the event, or find why",
                event.text
            );
            println(format_args!("{name}:{}: {}: {what}", event.line, paint(BAD, "missing")))?;
        }
        Ok(blessed.unattributed.is_empty() && blessed.missing.is_empty())
    }

    /// Drafts a transcript that does not exist yet, from several runs.
    fn record(&self, chapter: &Chapter, scene: &str, path: &Path, runs: u32) -> Result<bool> {
        let words = [chapter.package.clone(), scene.to_owned()];
        let mut outputs = Vec::new();
        for _ in 0..runs {
            match self.play(chapter, &words)? {
                Ok(output) => outputs.push(output),
                Err(why) => return self.refuse(path, &why),
            }
        }
        write(path, Transcript::draft(&words.join(" "), &outputs))?;
        self.note(path, "drafted: decide which of the proposed orders the program guarantees")?;
        Ok(true)
    }

    /// What one run of `command` prints, or why nobody should take it for an example.
    fn play(
        &self,
        chapter: &Chapter,
        command: &[String],
    ) -> Result<std::result::Result<String, String>> {
        let run = Run::new(command, self.artifacts.binary(chapter)?, chapter.deadline);
        Ok(exemplary(self.runner.run(&run)?))
    }

    fn note(&self, path: &Path, what: &str) -> Result<()> {
        println(format_args!("{}: {}", self.workspace.display(path), paint(NOTE, what)))
    }

    fn refuse(&self, path: &Path, why: &str) -> Result<bool> {
        println(format_args!(
            "{}: {}: {why}",
            self.workspace.display(path),
            paint(BAD, "not blessed")
        ))?;
        Ok(false)
    }
}

fn exemplary(report: Report) -> std::result::Result<String, String> {
    if report.ended == Ended::Code(SKIPPED) {
        return Err(String::from_utf8_lossy(&report.stderr).trim().to_owned());
    }
    if let Some(cause) = misdeed(&report, None) {
        return Err(cause.to_string());
    }
    String::from_utf8(report.stdout)
        .map_err(|_| "the scene prints bytes that are not text".to_owned())
}
