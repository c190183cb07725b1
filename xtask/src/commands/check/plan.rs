//! Plans a check: the subjects, and the order of their runs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use course::files::{read, stem};
use course::{Artifacts, Cache, Chapter, Course, Explored, Refused, Scene, Selected};
use transcript::{Count, Transcript};

use crate::cli;
use crate::exit::Result;
use crate::parallel::{Demand, Work};
use crate::player;

/// The cause if a chapter's program was not built.
pub(super) const NOT_COMPILED: &str = "NOT COMPILED";

/// One thing to check: it gets one line in the report.
#[derive(Debug)]
pub(super) struct Subject {
    /// `chapter/scene`, `chapter/scene.variant` or `chapter/refused/snippet`.
    pub(super) name: String,
    pub(super) claim: Claim,
}

impl Subject {
    /// How many legal outputs the transcript has, if it has one, and if an earlier check has found out.
    pub(super) fn count(&self, cache: &Cache) -> Option<Count> {
        match &self.claim {
            Claim::Scene(scene) => cache.count(&scene.text),
            Claim::Refused(_) | Claim::Nothing { .. } => None,
        }
    }
}

/// The claim of a subject.
#[derive(Debug)]
pub(super) enum Claim {
    /// That a scene prints only what its transcript allows.
    Scene(Box<ProvenScene>),
    /// That the compiler refuses the snippet.
    Refused(Refused),
    /// Nothing that can be checked, with a cause and a message: there is no transcript, or it cannot be read, or there
    /// is no program.
    Nothing { cause: &'static str, message: String },
}

/// A scene with one of its transcripts.
#[derive(Debug)]
pub(super) struct ProvenScene {
    pub(super) transcript: Transcript,
    /// The transcript's text.
    pub(super) text: String,
    pub(super) binary: PathBuf,
    /// The deadline at speed 20, in real time.
    pub(super) deadline: Duration,
    /// Why no director can choose its order, if none can.
    pub(super) undirected: Option<String>,
    /// Whether the scene also has an explored program.
    pub(super) is_explored: bool,
}

/// A piece of work for one of the check's threads; the number is the subject's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// Run the scene; the second number counts its runs, from 1.
    Run(usize, u32),
    /// Attack the order of the scene.
    Attack(usize),
    /// Try other orders of it.
    Vary(usize),
    /// Play every schedule of the scene's program.
    Explore(usize),
    /// Count the legal outputs.
    Count(usize),
    /// Call the compiler.
    Refuse(usize),
}

impl Task {
    pub(super) fn subject(self) -> usize {
        match self {
            Self::Run(subject, _)
            | Self::Attack(subject)
            | Self::Vary(subject)
            | Self::Explore(subject)
            | Self::Count(subject)
            | Self::Refuse(subject) => subject,
        }
    }
}

/// The selected subjects, in reading order.
pub(super) fn subjects(
    course: &Course,
    selected: &[Selected<'_>],
    artifacts: &Artifacts,
) -> Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    for Selected { chapter, scenes, refused, .. } in selected {
        let binary = match artifacts.executable(&chapter.package) {
            Ok(binary) => binary,
            Err(errors) => {
                // Nothing that depends on the program compiles either: reported once, for the chapter.
                let message = same_errors_before(&subjects, &errors).unwrap_or(errors);
                let claim = Claim::Nothing { cause: NOT_COMPILED, message };
                subjects.push(Subject { name: chapter.name.clone(), claim });
                continue;
            }
        };
        for scene in scenes {
            let name = format!("{}/{}", chapter.name, scene.name);
            if scene.transcripts.is_empty() {
                let message = format!(
                    "no file says what it may print: if git has lessons/{}/transcripts/{}.txt, restore it; \
                     if the scene is new, `cargo xtask bless {name} --record 20` drafts it",
                    chapter.name, scene.name
                );
                let claim = Claim::Nothing { cause: "NO TRANSCRIPT", message };
                subjects.push(Subject { name, claim });
            }
            for path in &scene.transcripts {
                subjects.push(Subject {
                    name: format!("{}/{}", chapter.name, stem(path)),
                    claim: claim(course, (chapter, scene), path, binary)?,
                });
            }
        }
        let refused = Refused::of(course, chapter, refused, artifacts)?;
        subjects.extend(
            refused.into_iter().map(|refused| Subject {
                name: refused.name.clone(),
                claim: Claim::Refused(refused),
            }),
        );
    }
    Ok(subjects)
}

/// A reference to an earlier chapter that has the same `errors`, if there is one.
fn same_errors_before(subjects: &[Subject], errors: &str) -> Option<String> {
    let same = |subject: &&Subject| matches!(&subject.claim, Claim::Nothing { message, .. } if message == errors);
    subjects.iter().find(same).map(|first| format!("for the same reason as {}", first.name))
}

fn claim(
    course: &Course,
    (chapter, scene): (&Chapter, &Scene),
    path: &Path,
    binary: &Path,
) -> Result<Claim> {
    let malformed = |message: String| Ok(Claim::Nothing { cause: "MALFORMED", message });
    let name = course.display(path).to_string();
    let text = read(path)?;
    let transcript = match Transcript::parse(&name, &text) {
        Ok(transcript) => transcript,
        Err(error) => return malformed(error.to_string()),
    };
    if transcript.command().first() != Some(&chapter.package) {
        let package = &chapter.package;
        return malformed(format!(
            "{name}:1: the command must start with the chapter's program: $ {package} SCENE"
        ));
    }
    Ok(Claim::Scene(Box::new(ProvenScene {
        transcript,
        text,
        binary: binary.to_owned(),
        deadline: chapter.deadline,
        undirected: chapter.undirected.get(&stem(path)).cloned(),
        is_explored: Explored::of(chapter, scene).is_ok_and(|explored| explored.is_some()),
    })))
}

/// Whether the system chooses the order of each run.
pub(super) fn is_free(arguments: &cli::Check) -> bool {
    arguments.free || arguments.shake
}

/// The tasks of a check. The tasks of a list begin when those of the list before are done.
pub(super) struct Plan {
    /// What needs no director.
    pub(super) free: Vec<Work<Task>>,
    /// They begin after the free runs, since a scene that fails in one is not attacked.
    pub(super) attacks: Vec<Work<Task>>,
    /// Other orders come last: they also take the time that the attacks have left.
    pub(super) others: Vec<Work<Task>>,
}

impl Plan {
    pub(super) fn tasks(&self) -> impl Iterator<Item = Task> {
        self.free.iter().chain(&self.attacks).chain(&self.others).map(|work| work.item)
    }
}

/// The free runs begin with those that compute the longest: what sleeps fits beside them. A task of unknown length may
/// be long, and may keep a processor busy. The attacks are in reading order, as the report is.
pub(super) fn tasks(
    subjects: &[Subject],
    runs: u32,
    attacks: bool,
    is_explored: impl Fn(usize) -> bool,
    cache: &Cache,
) -> Plan {
    let busy = Demand::Processors(1.0);
    let mut free = Vec::new();
    let (mut hostile, mut others) = (Vec::new(), Vec::new());
    for (index, subject) in subjects.iter().enumerate() {
        match &subject.claim {
            Claim::Scene(scene) => {
                if cache.count(&scene.text).is_none() {
                    free.push((f64::INFINITY, busy, Task::Count(index)));
                }
                let span = cache.span(&subject.name);
                let processor = span.map_or(f64::INFINITY, |span| span.processor.as_secs_f64());
                let demand = player::demand(&scene.transcript, span);
                free.extend((1..=runs).map(|run| (processor, demand, Task::Run(index, run))));
                if attacks && scene.undirected.is_none() {
                    hostile.push(Task::Attack(index));
                    others.push(Task::Vary(index));
                }
            }
            Claim::Refused(refused) if !cache.is_refused(refused.key) => {
                free.push((0.0, busy, Task::Refuse(index)));
            }
            Claim::Refused(_) | Claim::Nothing { .. } => {}
        }
        others.extend(is_explored(index).then_some(Task::Explore(index)));
    }
    free.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    let free = free.into_iter().map(|(_, demand, item)| Work { item, demand }).collect();
    let directed = |tasks: Vec<Task>| tasks.into_iter().map(|item| Work { item, demand: busy });
    Plan { free, attacks: directed(hostile).collect(), others: directed(others).collect() }
}
