//! `audit --orders`: does the program keep each arrow when it is attacked, and can it print all that is legal?

mod illegal;
mod printable;

use std::path::Path;
use std::time::Duration;

use course::files::stem;
use course::{Artifacts, Chapter, Course, Explored, Scene, Selected};
use orders::Unattacked;
use runner::{Direction, Refusal};
use transcript::{Budget, Transcript};

use self::illegal::{Illegal, MARGIN};
use self::printable::Printable;
use crate::attacks::{Hostile, Targets, attack_arrows};
use crate::cli::Memory;
use crate::directed::{self, Direct};
use crate::drawing::width;
use crate::exit::Result;
use crate::parallel;
use crate::player::{Play, Player};
use crate::schedules::{Explorer, Program};
use crate::search::{Bounds, FirstFault, Search, cut_off};
use crate::terminal::{BAD, GOOD, NOTE, counted, indented, paint, println, wrapped};

/// The most attacks on a scene.
const ATTACKS: Bounds = Bounds { runs: 60, time: Duration::from_secs(12) };

/// The most lines of an example.
const EXAMPLE: usize = 12;

/// A scene with one of its transcripts.
#[derive(Clone, Copy)]
struct Proof<'c> {
    chapter: &'c Chapter,
    scene: &'c Scene,
    path: &'c Path,
}

/// What was found out about such a scene.
enum Found {
    /// Each arrow was attacked, or as many as could be. What the program can print, and how often that is legal.
    Kept(Box<Kept>),
    /// A run was not legal.
    Broken(Illegal),
    /// It was not audited, for this reason.
    Skipped(String),
}

/// A scene of which no run was illegal.
struct Kept {
    hostile: Hostile,
    printable: Printable,
    /// The same in words.
    sentence: String,
    /// What is not shown, since some runs were cut off.
    cut_off: Option<String>,
    /// A run that is illegal, in an order in which timeouts may end while other tasks could go on. The program is not
    /// at fault: a task that is held for long enough misses any timeout.
    untimely: Option<Illegal>,
}

/// How many transcripts there are of each kind, and how many arrows.
#[derive(Default)]
struct Sum {
    transcripts: usize,
    /// The program prints all that they allow.
    whole: usize,
    /// Perhaps it does not.
    unknown: usize,
    /// It certainly does not.
    impossible: usize,
    /// A run was not legal.
    broken: usize,
    skipped: usize,
    arrows: usize,
    attacked: usize,
}

/// Prints what was found out about each of the selected transcripts. Returns how many are broken, or allow what is
/// impossible.
pub(super) fn audit(course: &Course, player: &Player, selected: &[Selected<'_>]) -> Result<usize> {
    if let Some(refusal) = Refusal::here() {
        println(format_args!("the orders are not audited: {refusal}"))?;
        return Ok(0);
    }
    let chapters: Vec<&Chapter> = selected.iter().map(|selected| selected.chapter).collect();
    let artifacts = player.build(course, &chapters)?;
    let mut proofs = Vec::new();
    for Selected { chapter, scenes, .. } in selected {
        for scene in scenes {
            proofs.extend(scene.transcripts.iter().map(|path| Proof { chapter, scene, path }));
        }
    }
    let names = proofs.iter().map(|proof| proof.name().len()).max().unwrap_or(0);
    let mut sum = Sum::default();
    let work = |proof: Proof<'_>| proof.audit(course, player, &artifacts);
    parallel::for_each_in_order(proofs, work, |proof, found| {
        let found = found?;
        sum.add(&found);
        println(format_args!("{:names$}  {}", proof.name(), found.sentence()))?;
        found.details().iter().try_for_each(println)
    })?;
    println(sum.sentence())?;
    Ok(sum.broken + sum.impossible)
}

impl Proof<'_> {
    /// `chapter/scene`, or `chapter/scene.variant`.
    fn name(&self) -> String {
        format!("{}/{}", self.chapter.name, stem(self.path))
    }

    fn audit(&self, course: &Course, player: &Player, artifacts: &Artifacts) -> Result<Found> {
        if let Some(reason) = self.chapter.undirected.get(&stem(self.path)) {
            return Ok(Found::Skipped(reason.clone()));
        }
        let transcript = course.transcript(self.path)?;
        let interrupted = || player.interrupted();
        let legal = transcript.count_within(&Budget::default().until(&interrupted));
        let binary = artifacts.binary(self.chapter)?;
        let play = Play::of(&transcript, binary, self.chapter.deadline);
        let direct = directed::scene(player, &play);
        let mut search = Search::new(&transcript, direct, ATTACKS);
        let hostile = attack_arrows(&mut search, &transcript, Targets::Arrows)?;
        if let Some(found) = self.obstacle(&search) {
            return Ok(found);
        }
        let explored = match self.explorer(course, player, &transcript)? {
            Some(explorer) => {
                printable::explored(&explorer, &self.name(), (&transcript, legal))?.transpose()
            }
            None => Ok(None),
        };
        let mut faults = Vec::new();
        let printable = match explored {
            Err(illegal) => return Ok(Found::Broken(illegal)),
            Ok(Some(printable)) => printable,
            Ok(None) => {
                let legal = (&transcript, legal);
                printable::directed(player, legal, &play, &mut search, &mut faults)?
            }
        };
        if let Some(found) = self.obstacle(&search) {
            return Ok(found);
        }
        let mut untimely = None;
        for (direction, fault) in &faults {
            match self.illegal(direction, fault) {
                Some(illegal) if !direction.early_timeouts => return Ok(Found::Broken(illegal)),
                illegal => untimely = illegal,
            }
        }
        let sentence = printable.sentence(legal);
        let cut_off = cut_off(search.cut_off(), search.runs());
        Ok(Found::Kept(Box::new(Kept { hostile, printable, sentence, cut_off, untimely })))
    }

    /// A directed run that is not legal.
    fn illegal(&self, direction: &Direction, fault: &FirstFault) -> Option<Illegal> {
        let is_explored = Explored::of(self.chapter, self.scene).is_ok_and(|it| it.is_some());
        Illegal::directed((&self.name(), is_explored), direction, fault)
    }

    /// Why the runs so far do not answer the questions, if they do not.
    fn obstacle<D: Direct>(&self, search: &Search<'_, D>) -> Option<Found> {
        let illegal =
            search.first_fault().and_then(|fault| self.illegal(&Direction::default(), fault));
        let skipped = search.skipped().map(str::to_owned);
        illegal.map(Found::Broken).or_else(|| skipped.map(Found::Skipped))
    }

    /// What plays every schedule of the scene as this transcript describes it, if it can be explored.
    fn explorer(
        &self,
        course: &Course,
        player: &Player,
        transcript: &Transcript,
    ) -> Result<Option<Explorer>> {
        let Some(explored) = Explored::of(self.chapter, self.scene)? else { return Ok(None) };
        let program = Program::new(course, self.scene, explored, &[])?;
        let is_it = |smallest: &Transcript| smallest.name() == transcript.name();
        if !program.transcript.as_ref().is_some_and(is_it) {
            return Ok(None);
        }
        Explorer::new(player, course, self.chapter, &program, Memory::Sequential).map(Some)
    }
}

impl Found {
    /// `all 140 outputs, each of 5 arrows attacked`.
    fn sentence(&self) -> String {
        match self {
            Self::Kept(kept) if kept.hostile.attacks.arrows() == 0 => kept.sentence.clone(),
            Self::Kept(kept) => format!("{}, {}", kept.sentence, kept.hostile.attacks),
            Self::Broken(_) => paint(BAD, "a run is not legal"),
            Self::Skipped(reason) => format!("{}: {reason}", paint(NOTE, "skipped")),
        }
    }

    /// What is below that line.
    fn details(&self) -> Vec<String> {
        match self {
            Self::Kept(kept) => kept.details(),
            Self::Broken(illegal) => illegal.details(),
            Self::Skipped(_) => Vec::new(),
        }
    }
}

impl Kept {
    fn details(&self) -> Vec<String> {
        let Self { hostile, printable, .. } = self;
        let open = hostile.attacks.unattacked().map(|(arrow, why)| {
            let why = match why {
                _ if hostile.stopped => "the attacks stopped before one of them reached it",
                Unattacked::NotShown => "no run has printed both of its lines",
                Unattacked::MayBeMissing => {
                    "its first line may be missing, and does not come if it is held back"
                }
                Unattacked::NeverLast => "when its first line came, another task could always move",
            };
            let text = format!("{}: {arrow}, because {why}", paint(NOTE, "not attacked"));
            indented(&wrapped(&text, width().saturating_sub(MARGIN)))
        });
        let mut details: Vec<String> = open.collect();
        details.extend(self.cut_off.as_ref().map(|text| indented(&paint(NOTE, text))));
        if let Some(untimely) = &self.untimely {
            let why = "not legal, where timeouts may end while other tasks could go on:";
            details.push(indented(&paint(NOTE, why)));
            details.extend(untimely.details());
        }
        details.extend(example(printable));
        details
    }
}

/// A legal output that was not shown.
fn example(printable: &Printable) -> Vec<String> {
    let (why, example) = match printable {
        Printable::All | Printable::Each { .. } | Printable::Some { looked_for: 0, .. } => {
            return Vec::new();
        }
        Printable::Some { example, .. } => (paint(NOTE, "not shown"), example),
        Printable::Unseen { example, .. } => {
            (paint(NOTE, "not shown, though every order that the director sees is known"), example)
        }
        Printable::Never { example, .. } => (paint(BAD, "legal, and never printed"), example),
    };
    let shown = &example[..example.len().min(EXAMPLE)];
    let mut rows =
        vec![indented(&format!("{why}, for example:")), indented(&indented(&shown.join("\n")))];
    if let more @ 1.. = example.len() - shown.len() {
        rows.push(indented(&format!("    and {}", counted(more, "more line"))));
    }
    rows
}

impl Sum {
    fn add(&mut self, found: &Found) {
        self.transcripts += 1;
        match found {
            Found::Kept(kept) => {
                self.arrows += kept.hostile.attacks.arrows();
                self.attacked += kept.hostile.attacks.attacked();
                match kept.printable {
                    Printable::All | Printable::Each { .. } => self.whole += 1,
                    Printable::Some { .. } | Printable::Unseen { .. } => self.unknown += 1,
                    Printable::Never { .. } => self.impossible += 1,
                }
            }
            Found::Broken(_) => self.broken += 1,
            Found::Skipped(_) => self.skipped += 1,
        }
    }

    /// `12 transcripts: 11 allow only what the program prints, 1 perhaps more, 0 the impossible, 0 broken`, and in a
    /// second line `22 arrows: 22 attacked`.
    fn sentence(&self) -> String {
        let Self { transcripts, whole, unknown, impossible, broken, skipped, .. } = self;
        let bad = |count: usize, what: &str| {
            let style = if count == 0 { GOOD } else { BAD };
            paint(style, format_args!("{count} {what}"))
        };
        let skipped = match skipped {
            0 => String::new(),
            _ => format!(", {skipped} skipped"),
        };
        format!(
            "{}: {whole} allow only what the program prints, {unknown} perhaps more, {}, {}{skipped}\n\
             {}: {} attacked",
            counted(*transcripts, "transcript"),
            bad(*impossible, "the impossible"),
            bad(*broken, "broken"),
            counted(self.arrows, "arrow"),
            self.attacked,
        )
    }
}
