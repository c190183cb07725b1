//! What a check has to do: which subjects there are, and in which order their runs are made.

use std::path::{Path, PathBuf};
use std::time::Duration;

use transcript::Transcript;

use super::known::Known;
use super::refused::Refused;
use crate::answer::Result;
use crate::artifacts::Artifacts;
use crate::selector::Selected;
use crate::workspace::{Chapter, Workspace, read, stem};

/// One thing to check: it gets one line in the report.
#[derive(Debug)]
pub(crate) struct Subject {
    /// `chapter/scene`, `chapter/scene.variant` or `chapter/refused/snippet`.
    pub(crate) name: String,
    pub(crate) claim: Claim,
}

/// What a subject claims.
#[derive(Debug)]
pub(crate) enum Claim {
    /// That a scene prints nothing but what its transcript allows.
    Scene(Box<Scene>),
    /// That the compiler refuses it.
    Refused(Refused),
    /// Nothing that can be checked: its transcript is no transcript.
    Malformed(String),
    /// Nothing yet: the scene has no transcript.
    Nothing,
}

/// A scene with one of its transcripts.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) transcript: Transcript,
    /// The transcript's text.
    pub(crate) text: String,
    pub(crate) binary: PathBuf,
    /// At speed 20, in real time.
    pub(crate) deadline: Duration,
}

/// A piece of work for one of the check's threads; the number is the subject's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// Run the scene for so many a time, from 1.
    Run(usize, u32),
    /// Count the legal outputs.
    Count(usize),
    /// Ask the compiler.
    Refuse(usize),
}

impl Task {
    pub(crate) fn subject(self) -> usize {
        match self {
            Self::Run(subject, _) | Self::Count(subject) | Self::Refuse(subject) => subject,
        }
    }
}

/// All that was selected, in reading order.
pub(crate) fn subjects(
    workspace: &Workspace,
    selected: &[Selected<'_>],
    artifacts: &Artifacts,
) -> Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    for Selected { chapter, scenes, whole } in selected {
        for scene in scenes {
            if scene.transcripts.is_empty() {
                subjects.push(Subject {
                    name: format!("{}/{}", chapter.name, scene.name),
                    claim: Claim::Nothing,
                });
            }
            for path in &scene.transcripts {
                subjects.push(Subject {
                    name: format!("{}/{}", chapter.name, stem(path)),
                    claim: claim(workspace, chapter, path, artifacts)?,
                });
            }
        }
        if *whole {
            subjects.extend(Refused::of(workspace, chapter, artifacts)?.into_iter().map(
                |refused| Subject { name: refused.name.clone(), claim: Claim::Refused(refused) },
            ));
        }
    }
    Ok(subjects)
}

fn claim(
    workspace: &Workspace,
    chapter: &Chapter,
    path: &Path,
    artifacts: &Artifacts,
) -> Result<Claim> {
    let name = workspace.display(path).to_string();
    let text = read(path)?;
    let transcript = match Transcript::parse(&name, &text) {
        Ok(transcript) => transcript,
        Err(error) => return Ok(Claim::Malformed(error.to_string())),
    };
    if transcript.command().first() != Some(&chapter.package) {
        let package = &chapter.package;
        return Ok(Claim::Malformed(format!(
            "{name}:1: the command must start with the chapter's program: $ {package} SCENE"
        )));
    }
    Ok(Claim::Scene(Box::new(Scene {
        transcript,
        text,
        binary: artifacts.binary(chapter)?.to_owned(),
        deadline: chapter.deadline,
    })))
}

/// The work in the order in which it is begun: the longest first, so that none is left alone at the end. What nobody
/// knows may be long.
pub(crate) fn tasks(subjects: &[Subject], runs: u32, known: &Known) -> Vec<Task> {
    let mut tasks = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        let seconds = known.seconds(&subject.name).unwrap_or(f64::INFINITY);
        match &subject.claim {
            Claim::Scene(scene) => {
                if known.count(&scene.text).is_none() {
                    tasks.push((f64::INFINITY, Task::Count(index)));
                }
                tasks.extend((1..=runs).map(|run| (seconds, Task::Run(index, run))));
            }
            Claim::Refused(refused) if !known.is_refused(refused.key) => {
                tasks.push((0.0, Task::Refuse(index)));
            }
            Claim::Refused(_) | Claim::Malformed(_) | Claim::Nothing => {}
        }
    }
    tasks.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    tasks.into_iter().map(|(_, task)| task).collect()
}
