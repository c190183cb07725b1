//! The reader chooses the schedule of an explored program.

use std::fs;

use course::{Chapter, Course};
use explorer::{Ending, Limits, Outcome, Question, Report, Schedule, ThreadStatus};
use transcript::{Timing, Transcript, Verdict};

use super::goal::{Goal, Known, Progress};
use super::position::{
    Ended, How, Judged, Made, Next, Outlook, Playable, Position, Task, broken_arrows,
};
use crate::cli::Memory;
use crate::exit::{Error, Result};
use crate::labels::lanes;
use crate::player::Player;
use crate::schedules::names::{Names, needs, printing};
use crate::schedules::outcome::{self, judge, notes};
use crate::schedules::{self, Explorer, Program};
use crate::terminal::{counted, counted_many};

/// How long to look at what can still come, before each choice.
const LIMITS: Limits = Limits { schedules: 1_000_000, milliseconds: 100, merged: true };

/// An explored program.
pub(super) struct Threads {
    explorer: Explorer,
    program: Program,
    name: String,
    /// The scene as the reader has named it, and the options, for the command that plays it again.
    scene: String,
    memory: Memory,
    options: Vec<String>,
    /// The lines of the explored file.
    source: Vec<String>,
    /// The threads that print the lines of one schedule, and the lanes of these lines.
    usual: (Vec<usize>, Vec<Option<usize>>),
    /// What can still come after these choices.
    known: Option<(Vec<usize>, Report)>,
}

impl Threads {
    pub(super) fn new(
        player: &Player,
        course: &Course,
        (chapter, program): (&Chapter, Program),
        (scene, memory, options): (String, Memory, Vec<String>),
    ) -> Result<Self> {
        let explorer = Explorer::new(player, course, chapter, &program, memory)?;
        let file = &program.explored.file;
        let source = fs::read_to_string(file).map_err(|error| Error::file("read", file, &error))?;
        let source = source.lines().map(|line| line.trim().to_owned()).collect();
        let path = file.strip_prefix(&course.root).unwrap_or(file);
        let name = format!("{}  ({})", program.name(memory), path.display());
        let usual = Default::default();
        let mut threads =
            Self { explorer, program, name, scene, memory, options, source, usual, known: None };
        threads.usual = threads.usual()?;
        Ok(threads)
    }

    /// The threads that print the lines of a schedule that the transcript allows, and the lanes of these lines.
    fn usual(&mut self) -> Result<(Vec<usize>, Vec<Option<usize>>)> {
        let outcomes = self.report(&[])?.outcomes.clone();
        let Some(transcript) = &self.program.transcript else { return Ok(Default::default()) };
        let Some(legal) = outcomes.iter().find(|outcome| judge(transcript, outcome).is_ok()) else {
            return Ok(Default::default());
        };
        let choices = legal.replay.iter().map(|choice| *choice as usize).collect();
        let schedule = self.explorer.replay(&choices)?;
        let verdict = transcript.judge(&schedule.output, Timing::Waived);
        Ok((printing(&schedule), lanes(transcript, &verdict)))
    }

    /// What can still come after these choices.
    fn report(&mut self, choices: &[usize]) -> Result<&Report> {
        let known = self.known.take_if(|(known, _)| known == choices);
        let known = match known {
            Some(known) => known,
            None => (choices.to_vec(), self.explorer.explore_after(choices, LIMITS)?),
        };
        Ok(&self.known.insert(known).1)
    }

    /// `24 │ let read = counter.load(Ordering::Relaxed);`
    fn source(&self, line: u32) -> Option<String> {
        let text = self.source.get((line as usize).checked_sub(1)?)?;
        Some(format!("{line:>4} │ {text}"))
    }

    fn end(&self, schedule: &Schedule, ending: &Ending, choices: &[usize]) -> Ended {
        let outcome = outcome::of(schedule, ending, choices);
        let verdict = match &self.program.transcript {
            None => Judged::Unjudged,
            Some(transcript) => match judge(transcript, &outcome) {
                // No time passes in an explored program.
                Ok(_) => Judged::Legal { late: None },
                Err(fault) => Judged::Failed(fault),
            },
        };
        Ended {
            verdict,
            is_deadlock: matches!(ending, Ending::Deadlock(_)),
            notes: notes(&outcome),
        }
    }

    fn task(
        &self,
        (number, status): (usize, &ThreadStatus),
        question: Option<&Question>,
        names: &Names<'_>,
    ) -> Task {
        let is_asked = match question {
            Some(Question::Thread(numbers) | Question::Waiter(numbers)) => {
                numbers.contains(&(number as u32))
            }
            Some(Question::Store(_)) | None => false,
        };
        let state = match question {
            Some(Question::Waiter(_)) if is_asked => "can be woken".to_owned(),
            _ if status.can_go_on => format!("about to {}", status.next),
            _ if status.waits_for.is_empty() || status.next.starts_with("the end of") => {
                needs(&status.next)
            }
            _ => format!("needs {}, which {} holds", status.next, status.waits_for.join(", ")),
        };
        let holds: Vec<&str> = status.holds.iter().map(|held| held.lock.as_str()).collect();
        let prints = status.prints.as_deref().map(|text| runner::escaped(text.trim_end()));
        Task {
            name: names.of(number),
            number: is_asked.then_some(number),
            state,
            holds: holds.join(", "),
            is_blocked: !status.can_go_on,
            waits_for: status.waits_for.iter().map(|name| names.longer(name)).collect(),
            prints: prints.filter(|_| status.can_go_on),
            note: self.source(status.line).map(|source| {
                // A guard does not know where it is dropped.
                let is_release = status.next.starts_with("release");
                if is_release { source + "  (taken here)" } else { source }
            }),
            later: None,
            lane: names.lane(number),
        }
    }
}

impl Playable for Threads {
    fn name(&self) -> &str {
        &self.name
    }

    fn transcript(&self) -> Option<&Transcript> {
        self.program.transcript.as_ref()
    }

    fn at(&mut self, choices: &[usize]) -> Result<Position> {
        let schedule = self.explorer.replay(&choices.iter().copied().collect())?;
        let left = match schedule.question {
            Some(_) => Some(left(self.report(choices)?)),
            None => None,
        };
        let transcript = self.program.transcript.as_ref();
        let verdict = transcript.map(|it| it.judge(&schedule.output, Timing::Waived));
        let printing = printing(&schedule);
        let lanes =
            transcript.zip(verdict.as_ref()).map_or(Vec::new(), |(it, verdict)| lanes(it, verdict));
        let usual = (&self.usual.0[..], &self.usual.1[..]);
        let names = Names::new(&schedule.threads, transcript, (&printing, &lanes), usual);
        let question = schedule.question.as_ref();
        let threads = schedule.threads.iter().enumerate().filter(|(_, it)| !it.has_ended);
        let mut tasks: Vec<Task> =
            threads.map(|thread| self.task(thread, question, &names)).collect();
        if let Some(Question::Store(stores)) = question {
            tasks.extend(stores.iter().map(store));
        }
        let mut earlier = moves(&schedule, &names);
        let since = earlier.iter().rposition(|made| made.how == How::Chosen).unwrap_or(0);
        let made = earlier.split_off(since);
        let next = match (&schedule.ending, question) {
            (Some(ending), _) => Next::Ended(self.end(&schedule, ending, choices)),
            (None, Some(question)) => choice(question),
            (None, None) => return Err(Error::Question(format!("{} has stopped", self.name))),
        };
        let authors = printing.iter().map(|thread| names.of(*thread)).collect();
        let output = schedule.output;
        Ok(Position { output, authors, verdict, earlier, made, tasks, left, next })
    }

    fn outlook(&mut self, choices: &[usize], goal: &Goal) -> Result<Option<Outlook>> {
        let report = self.report(choices)?;
        if report.incomplete.is_some() {
            return Ok(None);
        }
        let (outcomes, all) = (report.outcomes.clone(), report.schedules);
        let reaching = outcomes.iter().filter(|outcome| self.reaches(goal, outcome));
        let reaching = reaching.fold(0_u128, |sum, outcome| sum.saturating_add(outcome.count));
        Ok(Some(Outlook { reaching, all }))
    }

    fn outputs(&mut self) -> Result<Option<Vec<String>>> {
        let report = self.report(&[])?;
        let outputs = report.outcomes.iter().map(|outcome| outcome.output.clone());
        Ok(report.incomplete.is_none().then(|| outputs.collect()))
    }

    fn is_live(&self) -> bool {
        false
    }

    /// The explorer knows which lines can come.
    fn usual_lines(&self) -> Option<&str> {
        None
    }

    fn replay(&self, choices: &[usize]) -> String {
        schedules::command(&self.scene, self.memory, choices.iter().copied(), &self.options)
    }
}

impl Threads {
    fn reaches(&self, goal: &Goal, outcome: &Outcome) -> bool {
        let transcript = self.program.transcript.as_ref();
        let verdict: Option<Verdict> = transcript
            .filter(|_| matches!(goal, Goal::Breaks(_)))
            .map(|transcript| transcript.judge(&outcome.output, Timing::Waived));
        let is_illegal = matches!(goal, Goal::Illegal)
            && transcript.is_some_and(|transcript| judge(transcript, outcome).is_err());
        let known = Known {
            output: &outcome.output,
            broken_arrows: &verdict.as_ref().map_or(Vec::new(), broken_arrows),
            is_illegal,
            has_ended: true,
            is_deadlock: matches!(outcome.ending, Ending::Deadlock(_)),
        };
        goal.progress(known) == Progress::Reached
    }
}

/// What was done, and for what the other threads waited where only one could go on.
fn moves(schedule: &Schedule, names: &Names<'_>) -> Vec<Made> {
    let mut made = Vec::new();
    let (mut used, mut output, mut known): (usize, usize, &[(u32, String)]) = (0, 0, &[]);
    for step in &schedule.steps {
        let is_chosen = step.choices > used;
        used = step.choices;
        // Main waits for the end of its threads nearly always.
        let waiting = step.waiting.iter().filter(|waiting| {
            let (_, wants) = waiting;
            !known.contains(waiting) && !wants.starts_with("the end of")
        });
        made.extend(waiting.map(|(thread, wants)| Made {
            how: How::Follows,
            text: format!("{} {}", names.of(*thread as usize), needs(wants)),
            printed: output,
        }));
        known = &step.waiting;
        output += step.printed.as_ref().map_or(0, String::len);
        let text = step.printed.as_deref().map(|text| runner::escaped(text.trim_end()));
        let printed = text.map_or(String::new(), |text| format!("  {text}"));
        // The explorer does not ask where it makes no difference which thread goes on.
        let how = match (is_chosen, step.waiting.is_empty()) {
            (true, _) => How::Chosen,
            (false, false) => How::Forced,
            (false, true) => How::Unasked,
        };
        let name = names.of(step.thread as usize);
        let text = format!("{name} {}{printed}", step.what);
        made.push(Made { how, text, printed: output });
    }
    made
}

fn choice(question: &Question) -> Next {
    let numbers = question.numbers().map(|number| number as usize).collect();
    let question = match question {
        Question::Thread(_) => "Which thread goes on?",
        Question::Waiter(_) => "Which thread is woken?",
        Question::Store(_) => "Which store is read?",
    };
    Next::Choice { question, numbers }
}

/// A store as something to choose.
fn store((number, value): &(u32, String)) -> Task {
    let age = match number {
        0 => "the latest store".to_owned(),
        1 => "the store before it".to_owned(),
        later => format!("a store with {later} later ones"),
    };
    Task {
        name: format!("read {value}"),
        number: Some(*number as usize),
        state: age,
        holds: String::new(),
        is_blocked: false,
        waits_for: Vec::new(),
        prints: None,
        note: None,
        later: None,
        lane: None,
    }
}

fn left(report: &Report) -> String {
    let schedules = match report.incomplete {
        Some(_) => return "Many schedules are left.".to_owned(),
        None if report.schedules == 1 => "1 schedule is left".to_owned(),
        None => format!("{} are left", counted_many(report.schedules, "schedule")),
    };
    format!("{schedules}, with {}.", counted(report.outcomes.len(), "outcome"))
}
